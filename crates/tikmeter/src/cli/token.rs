//! `tikmeter token ...`: who may use the API.

use clap::Subcommand;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::cli::operator::routers;
use crate::cli::role::Role;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, instant, printable};
use crate::quantity;

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token; it is shown once
    Create {
        /// What it is for
        name: String,
        /// What it may do
        #[arg(long, value_enum, default_value_t = Role::Viewer)]
        role: Role,
        /// When it ends, like 2027-01-01T00:00:00Z [default: never]
        #[arg(long, value_name = "TIME", value_parser = quantity::instant)]
        expires: Option<String>,
        /// A group of routers that it is bound to; several times for several [default: all routers]
        #[arg(long = "group", value_name = "GROUP")]
        groups: Vec<String>,
    },
    /// List the tokens, without their secrets
    List,
    /// End a token at once
    Revoke {
        /// Its id (`tikmeter token list` tells it)
        id: String,
    },
}

#[derive(Deserialize)]
struct Created {
    name: String,
    role: String,
    token: String,
}

#[derive(Deserialize)]
struct Token {
    id: String,
    name: String,
    role: String,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    revoked_at: Option<String>,
    groups: Vec<String>,
}

impl TokenCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            TokenCommand::Create { name, role, expires, groups } => {
                let token = json!({ "name": name, "role": role, "expires_at": expires, "groups": groups });
                caller.add(&["tokens"], &token, created).await
            }
            TokenCommand::List => {
                let answer = caller.client.get(&["tokens"], &[]).await?;
                caller.show(&answer, |page: &Page<Token>| table(&page.items))
            }
            TokenCommand::Revoke { id } => {
                let answer = caller.client.act(Method::DELETE, &["tokens", id]).await?;
                caller.done(
                    &answer,
                    &format!("Token {} is revoked; nobody can use it any more.", printable(id)),
                )
            }
        }
    }
}

fn created(token: &Created) -> String {
    format!(
        "{}\nThat is token {} ({}). It is shown this once and kept nowhere; store it where only its user can read it.",
        printable(&token.token),
        printable(&token.name),
        printable(&token.role)
    )
}

fn table(tokens: &[Token]) -> String {
    if tokens.is_empty() {
        return "No tokens yet. Make one: tikmeter token create NAME".to_owned();
    }
    let mut table = Table::new(&["id", "name", "role", "routers", "made", "ends", "last used", "revoked"]);
    for token in tokens {
        table.row([
            token.id.clone(),
            token.name.clone(),
            token.role.clone(),
            routers(&token.groups),
            instant(Some(&token.created_at)),
            instant(token.expires_at.as_deref()),
            instant(token.last_used_at.as_deref()),
            instant(token.revoked_at.as_deref()),
        ]);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stands_alone_on_the_first_line() {
        let text =
            created(&Created { name: "grafana".into(), role: "viewer".into(), token: "tkm_secret".into() });
        assert_eq!(text.lines().next(), Some("tkm_secret"));
    }

    #[test]
    fn a_list_shows_what_became_of_each() {
        let token = json!({"id": "7", "name": "grafana", "role": "viewer", "created_at": "2026-11-21T14:02:05Z",
            "expires_at": null, "last_used_at": null, "revoked_at": "2026-11-22T14:02:05Z", "groups": []});
        let text = table(&[serde_json::from_value(token).unwrap()]);
        assert!(text.lines().nth(1).unwrap().ends_with("2026-11-22 14:02:05 UTC"), "{text}");
    }
}
