//! `tikmeter router test`: one login, and what was found item by item.

use collector::checkup::check_up;
use collector::link::Target;
use operations::{CheckState, Clock, SystemClock};
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::poll::address;
use super::protection::ProtectionArgs;
use crate::cli::caller::Caller;
use crate::cli::password::PasswordArgs;
use crate::failure::Failure;
use crate::output::{Terminal, printable};

/// Which router.
#[derive(Debug, clap::Args)]
pub(crate) struct TestArgs {
    /// The name of a router the server knows; with --user an address, which this command tests by itself
    #[arg(value_name = "NAME|HOST[:PORT]")]
    router: String,
    /// The user on the router, to test an address
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    protection: ProtectionArgs,
}

/// What was found.
#[derive(Debug, Serialize, Deserialize)]
struct Found {
    items: Vec<Item>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Item {
    item: String,
    state: String,
    told: String,
}

impl TestArgs {
    /// Whether an address is to be tested, for which no server is needed.
    pub(crate) fn names_an_address(&self) -> bool {
        self.user.is_some()
    }

    /// Has the server test a router it knows; a failed item is an error of the command too.
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let answer = caller.client.act(Method::POST, &["routers", &self.router, "test"]).await?;
        caller.note_simulated(answer.simulated);
        answer.read::<Found>()?.tell(&caller.terminal)
    }

    /// Tests the address.
    ///
    /// # Errors
    /// When an item has failed, or the flags make no sense.
    pub(crate) async fn run_directly(&self, terminal: &Terminal) -> Result<(), Failure> {
        let (host, port) = address(&self.router).map_err(Failure::usage)?;
        let port = port.unwrap_or(self.protection.usual_port());
        let security = self.protection.security()?;
        let user = self.user.as_deref().unwrap_or_default();
        let target = Target { security, ..Target::new(host, port, user, self.password.required()?) };
        let checks = check_up(&target, SystemClock::new().now()).await;
        let item = |check: operations::Check| Item {
            item: check.item.as_str().to_owned(),
            state: check.state.as_str().to_owned(),
            told: check.told,
        };
        Found { items: checks.into_iter().map(item).collect() }.tell(terminal)
    }
}

impl Found {
    fn tell(&self, terminal: &Terminal) -> Result<(), Failure> {
        let text = if terminal.json() {
            serde_json::to_string(self).map_err(Failure::from_display)?
        } else {
            shown(self)
        };
        terminal.line(text.trim_end())?;
        self.verdict()
    }

    fn verdict(&self) -> Result<(), Failure> {
        let failed: Vec<&str> = self
            .items
            .iter()
            .filter(|item| item.state == CheckState::Failed.as_str())
            .map(|item| item.item.as_str())
            .collect();
        match failed.is_empty() {
            true => Ok(()),
            false => Err(Failure::said(format!(
                "the router cannot be counted as it is ({}); nothing was changed, what to do stands above",
                failed.join(", ")
            ))),
        }
    }
}

fn shown(found: &Found) -> String {
    let line = |item: &Item| {
        let state = item.state.replace('_', " ");
        format!("{:<10} {state:<13} {}\n", item.item, printable(&item.told))
    };
    found.items.iter().map(line).collect()
}
