//! `tikmeter credit ...`: octets given beside what was measured.

use clap::Subcommand;
use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::cli::paging::{PagingArgs, more};
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, instant, octets, printable};
use crate::quantity;

/// What can be done with credits.
#[derive(Debug, Subcommand)]
pub(crate) enum CreditCommand {
    /// Give a subscriber octets in its open cycle; nothing measured changes
    Add(AddArgs),
    /// List a subscriber's credits and cancellations, the newest first
    List {
        /// Its username or id
        subscriber: String,
        #[command(flatten)]
        paging: PagingArgs,
    },
    /// Take a credit back by a line of the same size; both stay in the journal
    Cancel {
        /// Its username or id
        subscriber: String,
        /// The credit's number (`tikmeter credit list` tells it)
        credit: i64,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// A credit.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("size").required(true).multiple(true).args(["upload", "download"]))]
pub(crate) struct AddArgs {
    /// The subscriber's username or id
    subscriber: String,
    /// Upload, for example 500M
    #[arg(long, value_name = "SIZE", value_parser = quantity::octets)]
    upload: Option<u64>,
    /// Download, for example 5G
    #[arg(long, value_name = "SIZE", value_parser = quantity::octets)]
    download: Option<u64>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Deserialize)]
struct Credit {
    id: i64,
    cycle: u32,
    at: String,
    actor: String,
    upload_octets: u64,
    download_octets: u64,
    reason: String,
    cancels: Option<i64>,
    cancelled_by: Option<i64>,
}

impl CreditCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            CreditCommand::Add(args) => args.run(caller).await,
            CreditCommand::List { subscriber, paging } => {
                let path = ["subscribers", subscriber, "credits"];
                let answer = caller.client.get(&path, &paging.query(&[])).await?;
                caller.show(&answer, |page: &Page<Credit>| table(&page.items) + &more(page))
            }
            CreditCommand::Cancel { subscriber, credit, reason } => {
                let (id, asked) = (credit.to_string(), json!({"reason": reason}));
                let path = ["subscribers", subscriber, "credits", &id, "cancel"];
                caller
                    .add(&path, &asked, |line: &Credit| {
                        format!("Credit {credit} is cancelled by line {} of cycle {}.", line.id, line.cycle)
                    })
                    .await
            }
        }
    }
}

impl AddArgs {
    async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let asked =
            json!({"upload_octets": self.upload, "download_octets": self.download, "reason": self.reason});
        let name = printable(&self.subscriber);
        caller
            .add(&["subscribers", &self.subscriber, "credits"], &asked, |credit: &Credit| {
                format!(
                    "Credit {} is given to {name} in cycle {}: {}.",
                    credit.id,
                    credit.cycle,
                    size(credit)
                )
            })
            .await
    }
}

fn size(credit: &Credit) -> String {
    format!("{} up, {} down", octets(credit.upload_octets), octets(credit.download_octets))
}

fn table(credits: &[Credit]) -> String {
    if credits.is_empty() {
        return "No credits. Give one: tikmeter credit add USERNAME --download 5G --reason TEXT\n".to_owned();
    }
    let mut table = Table::new(&[">no", ">cycle", "at", "by", ">upload", ">download", "state", "reason"]);
    for credit in credits {
        let size = |volume: u64| {
            let sign = if credit.cancels.is_some() && volume > 0 { "-" } else { "" };
            format!("{sign}{}", octets(volume))
        };
        table.row([
            credit.id.to_string(),
            credit.cycle.to_string(),
            instant(Some(&credit.at)),
            credit.actor.clone(),
            size(credit.upload_octets),
            size(credit.download_octets),
            state(credit),
            credit.reason.clone(),
        ]);
    }
    table.to_string()
}

fn state(credit: &Credit) -> String {
    match (credit.cancels, credit.cancelled_by) {
        (Some(other), _) => format!("cancels {other}"),
        (None, Some(by)) => format!("cancelled by {by}"),
        (None, None) => "given".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        command: CreditCommand,
    }

    #[test]
    fn a_credit_needs_a_size_and_a_reason() {
        let parsed = |words: &[&str]| Line::try_parse_from([&["x", "add", "ana"], words].concat()).is_ok();
        assert!(parsed(&["--download", "5G", "--reason", "outage"]));
        assert!(parsed(&["--download", "5G", "--upload", "1M", "--reason", "outage"]));
        assert!(!parsed(&["--reason", "outage"]));
        assert!(!parsed(&["--download", "5G"]));
    }

    #[test]
    fn what_takes_back_is_negative_and_says_what() {
        let credit = |id, cancels: Option<i64>, cancelled_by: Option<i64>| {
            json!({"id": id, "cycle": 1, "at": "2026-11-21T14:00:00Z", "actor": "token desk", "upload_octets": 0,
                "download_octets": 5_000_000_000_u64, "reason": "outage", "cancels": cancels,
                "cancelled_by": cancelled_by})
        };
        let lines = [credit(2, Some(1), None), credit(1, None, Some(2))];
        let lines: Vec<Credit> =
            lines.into_iter().map(|line| serde_json::from_value(line).unwrap()).collect();
        let text = table(&lines);
        assert!(
            text.contains("-5.0 GB") && text.contains("cancels 1") && text.contains("cancelled by 2"),
            "{text}"
        );
    }
}
