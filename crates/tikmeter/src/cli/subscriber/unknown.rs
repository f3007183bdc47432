//! `tikmeter subscriber unknown`: logins that routers show and that are nobody's.

use clap::Args;
use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::cli::paging::{PagingArgs, more};
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, grouped, instant, octets, shell_word};

/// Of which router.
#[derive(Debug, Args)]
pub(crate) struct UnknownArgs {
    /// Only on this router
    #[arg(long)]
    router: Option<String>,
    #[command(flatten)]
    paging: PagingArgs,
}

#[derive(Deserialize)]
struct Unknown {
    router: String,
    login: String,
    kind: String,
    service: Option<String>,
    upload_octets: u64,
    download_octets: u64,
    first_seen_at: String,
    last_seen_at: String,
    sessions_open: u64,
}

impl UnknownArgs {
    /// Lists them.
    ///
    /// # Errors
    /// One sentence.
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let filter = [("router", self.router.as_deref())];
        let answer = caller.client.get(&["unknown-logins"], &self.paging.query(&filter)).await?;
        caller.show(&answer, |page: &Page<Unknown>| table(&page.items) + &more(page))
    }
}

fn table(logins: &[Unknown]) -> String {
    let Some(first) = logins.first() else {
        return "Every login that was seen is a subscriber's.\n".to_owned();
    };
    let headings = ["router", "login", "service", ">upload", ">download", ">open", "first seen", "last seen"];
    let mut table = Table::new(&headings);
    for login in logins {
        table.row([
            login.router.clone(),
            login.login.clone(),
            login.service.as_ref().unwrap_or(&login.kind).clone(),
            octets(login.upload_octets),
            octets(login.download_octets),
            grouped(login.sessions_open),
            instant(Some(&login.first_seen_at)),
            instant(Some(&login.last_seen_at)),
        ]);
    }
    format!("{table}{}", what_to_do(first))
}

/// The commands that make the first of them somebody's.
fn what_to_do(login: &Unknown) -> String {
    let service = login.service.as_deref().filter(|service| *service != "pppoe");
    let service = service.map(|service| format!(" --service {}", shell_word(service))).unwrap_or_default();
    let (name, router) = (shell_word(&login.login), shell_word(&login.router));
    let from = login.first_seen_at.get(..10).unwrap_or(&login.first_seen_at);
    format!(
        "What they used counts in no cycle. To count it for a new subscriber, or for one there is, from a date on:\n  \
         tikmeter subscriber add USERNAME --login {name} --router {router}{service} --adopt-from {from}\n  \
         tikmeter subscriber bind USERNAME {name} --router {router}{service} --adopt-from {from}\n"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_login_is_told_with_the_commands_that_adopt_it() {
        let login = json!({"router": "sea side", "login": "Gast$1", "kind": "hotspot", "service": "hotspot",
            "upload_octets": 1_500, "download_octets": 2, "first_seen_at": "2026-11-21T14:02:05Z",
            "last_seen_at": "2026-11-22T14:02:05Z", "sessions_open": 0});
        let text = table(&[serde_json::from_value(login).unwrap()]);
        assert!(text.contains("1.5 kB"), "{text}");
        assert!(
            text.contains(
                "bind USERNAME 'Gast$1' --router 'sea side' --service hotspot --adopt-from 2026-11-21"
            ),
            "{text}"
        );
        assert!(table(&[]).contains("is a subscriber's"));
    }
}
