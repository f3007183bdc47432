//! `tikmeter held ...`: impossible jumps that wait for a person.

use clap::Subcommand;
use reqwest::Method;
use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{grouped, instant, octets, printable, shell_word};

/// What can be done with held entries.
#[derive(Debug, Subcommand)]
pub(crate) enum HeldCommand {
    /// List the entries that wait, in no total until somebody decides
    List,
    /// Count an entry after all, in the open cycle
    Release(Entry),
    /// Never count an entry
    Reject(Entry),
}

/// The three parts that name an entry; `tikmeter held list` tells them.
#[derive(Debug, clap::Args)]
pub(crate) struct Entry {
    /// The router's name
    router: String,
    /// Number of the 15-minute bucket
    #[arg(allow_negative_numbers = true)]
    bucket: i64,
    /// Number within it
    no: u64,
}

#[derive(Deserialize)]
struct Held {
    router: String,
    bucket: i64,
    no: u64,
    username: Option<String>,
    at_to: String,
    upload_octets: u64,
    download_octets: u64,
    text: String,
}

#[derive(Deserialize)]
struct Decision {
    act: String,
    router: String,
    username: Option<String>,
    upload_octets: u64,
    download_octets: u64,
    subscriber: Option<String>,
    cycle: Option<u32>,
}

impl HeldCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            HeldCommand::List => {
                let answer = caller.client.get(&["held"], &[]).await?;
                caller.show(&answer, |page: &Page<Held>| list(&page.items))
            }
            HeldCommand::Release(entry) => entry.decide(caller, "release").await,
            HeldCommand::Reject(entry) => entry.decide(caller, "reject").await,
        }
    }
}

impl Entry {
    async fn decide(&self, caller: &Caller, act: &str) -> Result<(), Failure> {
        let (bucket, no) = (self.bucket.to_string(), self.no.to_string());
        let answer = caller.client.act(Method::POST, &["held", &self.router, &bucket, &no, act]).await?;
        caller.show(&answer, decided)
    }
}

fn decided(decision: &Decision) -> String {
    let volume = size(decision.upload_octets, decision.download_octets);
    let whose =
        format!("{volume} of {} on router {}", login(&decision.username), printable(&decision.router));
    match (decision.act.as_str(), &decision.subscriber, decision.cycle) {
        ("rejected", ..) => format!("{whose} will never count."),
        (_, Some(subscriber), Some(cycle)) => {
            format!("{whose} count now, in cycle {cycle} of subscriber {}.", printable(subscriber))
        }
        _ => format!("{whose} count now: in usage, and in no cycle, because the login is no subscriber's."),
    }
}

fn size(upload: u64, download: u64) -> String {
    format!(
        "{} up ({} octets), {} down ({} octets)",
        octets(upload),
        grouped(upload),
        octets(download),
        grouped(download)
    )
}

fn login(username: &Option<String>) -> String {
    username.as_ref().map_or_else(|| "nobody".to_owned(), |name| format!("login {}", printable(name)))
}

fn list(held: &[Held]) -> String {
    if held.is_empty() {
        return "Nothing is held back.".to_owned();
    }
    let entries: String = held.iter().map(entry).collect();
    let how =
        held.first().map(|first| format!("{} {} {}", shell_word(&first.router), first.bucket, first.no));
    let how = how.unwrap_or_default();
    format!(
        "{entries}Count one after all, in the open cycle: tikmeter held release {how}\nNever count it: tikmeter held reject {how}\n"
    )
}

fn entry(held: &Held) -> String {
    format!(
        "{} {} {}: {} of {}, read {}\n  {}\n",
        printable(&held.router),
        held.bucket,
        held.no,
        size(held.upload_octets, held.download_octets),
        login(&held.username),
        instant(Some(&held.at_to)),
        printable(&held.text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_says_what_it_was_about_and_where_it_counts() {
        let told = |act: &str, subscriber: Option<&str>| {
            decided(&Decision {
                act: act.to_owned(),
                router: "tower".to_owned(),
                username: Some("ana".to_owned()),
                upload_octets: 1_000,
                download_octets: 2_000,
                subscriber: subscriber.map(str::to_owned),
                cycle: subscriber.map(|_| 3),
            })
        };
        let what = "1.0 kB up (1,000 octets), 2.0 kB down (2,000 octets) of login ana on router tower";
        assert_eq!(
            told("released", Some("santos")),
            format!("{what} count now, in cycle 3 of subscriber santos.")
        );
        assert!(told("released", None).ends_with("in no cycle, because the login is no subscriber's."));
        assert_eq!(told("rejected", None), format!("{what} will never count."));
    }

    #[test]
    fn an_entry_begins_with_what_release_and_reject_want() {
        let held = Held {
            router: "tower".to_owned(),
            bucket: 1_994_444,
            no: 17,
            username: Some("ana".to_owned()),
            at_to: "2026-11-29T06:57:31.683334Z".to_owned(),
            upload_octets: 9_000_000_000_000,
            download_octets: 0,
            text: "it jumped".to_owned(),
        };
        let text = list(&[held]);
        assert!(text.starts_with("tower 1994444 17: 9.0 TB up (9,000,000,000,000 octets)"), "{text}");
        assert!(text.contains(" of login ana, read 2026-11-29 06:57:31 UTC\n"), "{text}");
        for verb in ["release", "reject"] {
            assert!(text.contains(&format!(": tikmeter held {verb} tower 1994444 17\n")), "{text}");
        }
        assert_eq!(list(&[]), "Nothing is held back.");
    }
}
