//! `tikmeter held ...`: impossible jumps that wait for a person.

use clap::Subcommand;
use reqwest::Method;
use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{grouped, octets, printable, shell_word};

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
    upload_octets: u64,
    download_octets: u64,
    text: String,
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
            HeldCommand::Release(entry) => {
                entry.decide(caller, "release", "counts now, in the open cycle").await
            }
            HeldCommand::Reject(entry) => entry.decide(caller, "reject", "will never count").await,
        }
    }
}

impl Entry {
    async fn decide(&self, caller: &Caller, act: &str, outcome: &str) -> Result<(), Failure> {
        let (bucket, no) = (self.bucket.to_string(), self.no.to_string());
        let answer = caller.client.act(Method::POST, &["held", &self.router, &bucket, &no, act]).await?;
        caller.done(&answer, &format!("Entry {bucket}/{no} of router {} {outcome}.", printable(&self.router)))
    }
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
        "{} {} {}: {} up ({} octets), {} down ({} octets)\n  {}\n",
        printable(&held.router),
        held.bucket,
        held.no,
        octets(held.upload_octets),
        grouped(held.upload_octets),
        octets(held.download_octets),
        grouped(held.download_octets),
        printable(&held.text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_begins_with_what_release_and_reject_want() {
        let held = Held {
            router: "tower".to_owned(),
            bucket: 1_994_444,
            no: 17,
            upload_octets: 9_000_000_000_000,
            download_octets: 0,
            text: "it jumped".to_owned(),
        };
        let text = list(&[held]);
        assert!(text.starts_with("tower 1994444 17: 9.0 TB up (9,000,000,000,000 octets)"), "{text}");
        for verb in ["release", "reject"] {
            assert!(text.contains(&format!(": tikmeter held {verb} tower 1994444 17\n")), "{text}");
        }
        assert_eq!(list(&[]), "Nothing is held back.");
    }
}
