//! `tikmeter subscriber bind` and `unbind`: which logins are counted for it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::adopt::{Adopted, told};
use super::view::{Subscriber, one};
use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::printable;

/// Which login.
#[derive(Debug, clap::Args)]
pub(crate) struct LoginArgs {
    /// Its username or id
    subscriber: String,
    /// The login, byte for byte; `hex:...` for other than UTF-8
    login: String,
    /// The service it is used for [default: the subscriber's]
    #[arg(long)]
    service: Option<String>,
    /// On this router only [default: on all]
    #[arg(long)]
    router: Option<String>,
}

/// Which login, and whether what it used counts too.
#[derive(Debug, clap::Args)]
pub(crate) struct BindArgs {
    #[command(flatten)]
    login: LoginArgs,
    /// Count in its open cycle too what the login used while it was nobody's, from then on: like 2026-11-01 (the begin of
    /// that day) or 2026-11-01T12:00:00Z
    #[arg(long, value_name = "TIME")]
    adopt_from: Option<String>,
}

#[derive(Deserialize)]
struct Rebound {
    unread_routers: Vec<String>,
    adopted: Vec<Adopted>,
    subscriber: Subscriber,
}

impl BindArgs {
    /// Binds it.
    ///
    /// # Errors
    /// One sentence.
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let mut asked = self.login.asked();
        asked["adopt_from"] = json!(self.adopt_from);
        caller.add(&["subscribers", &self.login.subscriber, "bind"], &asked, said).await
    }
}

impl LoginArgs {
    /// Ends its binding.
    ///
    /// # Errors
    /// One sentence.
    pub(super) async fn unbind(&self, caller: &Caller) -> Result<(), Failure> {
        caller.add(&["subscribers", &self.subscriber, "unbind"], &self.asked(), said).await
    }

    fn asked(&self) -> Value {
        json!({"login": self.login, "service": self.service, "router": self.router})
    }
}

fn said(answer: &Rebound) -> String {
    let shown = one(&answer.subscriber) + &told(&answer.adopted);
    if answer.unread_routers.is_empty() {
        return shown;
    }
    format!(
        "{shown}Not read for it: {}. What the login used there since the last reading counts with whoever has it at the next.\n",
        printable(&answer.unread_routers.join(", "))
    )
}
