//! `tikmeter subscriber adopt`: what its logins used before they were bound.

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, grouped, octets};

/// Whose, and from when on.
#[derive(Debug, Args)]
pub(crate) struct AdoptArgs {
    /// Its username or id
    subscriber: String,
    /// From when on, like 2026-11-01 (the begin of that day) or 2026-11-01T12:00:00Z
    #[arg(long, value_name = "TIME", required_unless_present = "undo")]
    from: Option<String>,
    /// Undo its last adoption instead: what it added counts in no cycle any more
    #[arg(long, conflicts_with = "from")]
    undo: bool,
}

/// What was adopted of a login on a router.
#[derive(Deserialize)]
pub(super) struct Adopted {
    router: String,
    login: String,
    upload_octets: u64,
    download_octets: u64,
    entries: u64,
}

impl AdoptArgs {
    /// Adopts, or undoes it.
    ///
    /// # Errors
    /// One sentence.
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        if self.undo {
            let path = ["subscribers", &self.subscriber, "undo-adoption"];
            return caller.add(&path, &json!({}), |page: &Page<Adopted>| undone(&page.items)).await;
        }
        let path = ["subscribers", &self.subscriber, "adopt"];
        caller.add(&path, &json!({"from": self.from}), |page: &Page<Adopted>| told(&page.items)).await
    }
}

/// What was adopted, for people; nothing where nothing was.
pub(super) fn told(adopted: &[Adopted]) -> String {
    if adopted.is_empty() {
        return String::new();
    }
    format!("Adopted into the open cycle:\n{}", table(adopted))
}

fn undone(adopted: &[Adopted]) -> String {
    format!("Adopted no more; its logins stay bound, and no entry changed:\n{}", table(adopted))
}

fn table(adopted: &[Adopted]) -> Table {
    let mut table = Table::new(&["router", "login", ">upload", ">download", ">entries"]);
    for one in adopted {
        table.row([
            one.router.clone(),
            one.login.clone(),
            octets(one.upload_octets),
            octets(one.download_octets),
            grouped(one.entries),
        ]);
    }
    table
}
