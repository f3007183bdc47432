//! `tikmeter operator ...`: people who sign in by name and password.

use clap::Subcommand;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::caller::Caller;
use crate::cli::new_password::NewPasswordArgs;
use crate::cli::role::Role;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, instant, printable};

/// What can be done with operators.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
    /// Add somebody who may sign in
    Create {
        /// Their name
        name: String,
        /// What they may do
        #[arg(long, value_enum, default_value_t = Role::Viewer)]
        role: Role,
        /// A group of routers that they are bound to; several times for several [default: all routers]
        #[arg(long = "group", value_name = "GROUP")]
        groups: Vec<String>,
        #[command(flatten)]
        password: NewPasswordArgs,
    },
    /// List the operators
    List,
    /// Set somebody's password; they are signed out everywhere
    Password {
        /// Their name
        name: String,
        #[command(flatten)]
        password: NewPasswordArgs,
    },
    /// Give somebody another role; they are signed out everywhere
    Role {
        /// Their name
        name: String,
        /// What they may do
        #[arg(value_enum)]
        role: Role,
    },
    /// Bind somebody to groups of routers; they are signed out everywhere
    Reach {
        /// Their name
        name: String,
        /// The groups, in place of those before
        #[arg(required_unless_present = "all")]
        groups: Vec<String>,
        /// They reach all routers
        #[arg(long, conflicts_with = "groups")]
        all: bool,
    },
    /// Lock somebody out; they are signed out everywhere
    Disable {
        /// Their name
        name: String,
    },
    /// Let somebody sign in again
    Enable {
        /// Their name
        name: String,
    },
    /// Remove somebody; the journal keeps what they did
    Remove {
        /// Their name
        name: String,
    },
}

#[derive(Deserialize)]
struct Operator {
    name: String,
    role: String,
    disabled: bool,
    created_at: String,
    signed_in_at: Option<String>,
    groups: Vec<String>,
}

impl OperatorCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            OperatorCommand::Create { name, role, groups, password } => {
                let password = password.read()?;
                let new =
                    json!({ "name": name, "role": role, "groups": groups, "password": shown(&password) });
                caller.add(&["operators"], &new, |made: &Operator| created(made)).await
            }
            OperatorCommand::List => {
                let answer = caller.client.get(&["operators"], &[]).await?;
                caller.show(&answer, |page: &Page<Operator>| table(&page.items))
            }
            OperatorCommand::Password { name, password } => {
                let change = json!({ "password": shown(&password.read()?) });
                change_to(caller, name, &change, "has another password and is signed out everywhere").await
            }
            OperatorCommand::Role { name, role } => {
                change_to(
                    caller,
                    name,
                    &json!({ "role": role }),
                    "has another role and is signed out everywhere",
                )
                .await
            }
            OperatorCommand::Reach { name, groups, .. } => {
                let became = reaches(groups);
                change_to(caller, name, &json!({ "groups": groups }), &became).await
            }
            OperatorCommand::Disable { name } => {
                change_to(
                    caller,
                    name,
                    &json!({ "disabled": true }),
                    "is locked out and signed out everywhere",
                )
                .await
            }
            OperatorCommand::Enable { name } => {
                change_to(caller, name, &json!({ "disabled": false }), "may sign in again").await
            }
            OperatorCommand::Remove { name } => {
                let answer = caller.client.act(Method::DELETE, &["operators", name]).await?;
                caller.done(
                    &answer,
                    &format!("Operator {} is removed and signed out everywhere.", printable(name)),
                )
            }
        }
    }
}

/// For a body that goes to the server, and nowhere else.
fn shown(password: &SecretString) -> &str {
    password.expose_secret()
}

async fn change_to(caller: &Caller, name: &str, change: &Value, became: &str) -> Result<(), Failure> {
    let answer = caller.client.send(Method::PATCH, &["operators", name], change).await?;
    caller.show(&answer, |changed: &Operator| format!("Operator {} {became}.", printable(&changed.name)))
}

fn reaches(groups: &[String]) -> String {
    match groups {
        [] => "reaches all routers and is signed out everywhere".to_owned(),
        groups => format!("reaches the routers of {} only and is signed out everywhere", listed(groups)),
    }
}

/// Groups for people.
pub(super) fn listed(groups: &[String]) -> String {
    groups.iter().map(|name| printable(name).to_string()).collect::<Vec<_>>().join(", ")
}

/// Which routers somebody reaches, in a table.
pub(super) fn routers(groups: &[String]) -> String {
    if groups.is_empty() { "all".to_owned() } else { listed(groups) }
}

fn created(made: &Operator) -> String {
    format!("Operator {} ({}) may sign in at /admin.", printable(&made.name), printable(&made.role))
}

fn table(operators: &[Operator]) -> String {
    if operators.is_empty() {
        return "No operators yet. Make the first: tikmeter operator create NAME --role admin".to_owned();
    }
    let mut table = Table::new(&["name", "role", "routers", "state", "added", "last sign-in"]);
    for operator in operators {
        table.row([
            printable(&operator.name).to_string(),
            operator.role.clone(),
            routers(&operator.groups),
            if operator.disabled { "locked out" } else { "may sign in" }.to_owned(),
            instant(Some(&operator.created_at)),
            instant(operator.signed_in_at.as_deref()),
        ]);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_who_may_come_in() {
        let row = json!({"name": "eva\u{1b}[2J", "role": "cashier", "disabled": true,
            "created_at": "2026-11-21T14:02:05Z", "signed_in_at": null, "groups": ["north"]});
        let text = table(&[serde_json::from_value(row).unwrap()]);
        assert!(text.contains("locked out") && text.contains("north") && !text.contains('\u{1b}'), "{text}");
        assert!(table(&[]).contains("operator create"));
    }
}
