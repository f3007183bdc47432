//! `tikmeter subscriber bind` and `unbind`: which logins are counted for it.

use serde::Deserialize;
use serde_json::json;

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

#[derive(Deserialize)]
struct Rebound {
    unread_routers: Vec<String>,
    subscriber: Subscriber,
}

impl LoginArgs {
    /// Binds or unbinds, as `verb` says.
    ///
    /// # Errors
    /// One sentence.
    pub(super) async fn run(&self, caller: &Caller, verb: &str) -> Result<(), Failure> {
        let asked = json!({"login": self.login, "service": self.service, "router": self.router});
        caller.add(&["subscribers", &self.subscriber, verb], &asked, said).await
    }
}

fn said(answer: &Rebound) -> String {
    let shown = one(&answer.subscriber);
    if answer.unread_routers.is_empty() {
        return shown;
    }
    format!(
        "{shown}Not read for it: {}. What the login used there since the last reading counts with whoever has it at the next.\n",
        printable(&answer.unread_routers.join(", "))
    )
}
