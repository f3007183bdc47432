//! `tikmeter retention ...`: how long the ledger keeps its detail.

use clap::Subcommand;
use reqwest::Method;
use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{Table, grouped, instant, many, printable};

/// What can be done about it.
#[derive(Debug, Subcommand)]
pub(crate) enum RetentionCommand {
    /// Show how long 15-minute entries are kept, and what the next run would fold
    Preview,
    /// Fold now what is old enough; the server does it by itself every hour
    Run,
}

#[derive(Deserialize)]
struct Retention {
    detail_months: Option<u16>,
    before: Option<String>,
    entries: u64,
    routers: Vec<OfRouter>,
}

#[derive(Deserialize)]
struct OfRouter {
    router: String,
    detail_from: Option<String>,
    entries: u64,
}

#[derive(Deserialize)]
struct Run {
    entries: u64,
    routers: Vec<String>,
}

impl RetentionCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            RetentionCommand::Preview => caller.show(&caller.client.get(&["retention"], &[]).await?, preview),
            RetentionCommand::Run => {
                let answer = caller.client.act(Method::POST, &["retention", "run"]).await?;
                caller.show(&answer, done)
            }
        }
    }
}

fn preview(retention: &Retention) -> String {
    let mut table = Table::new(&["router", "15-minute entries since", ">to fold"]);
    for of in &retention.routers {
        let since =
            of.detail_from.as_deref().map_or_else(|| "the beginning".to_owned(), |at| instant(Some(at)));
        table.row([of.router.clone(), since, grouped(of.entries)]);
    }
    let rule = match (retention.detail_months, &retention.before) {
        (Some(months), Some(before)) => format!(
            "15-minute entries are kept for {}. The next run folds {} of them, from before {}, into days.",
            many(u64::from(months), "month"),
            grouped(retention.entries),
            instant(Some(before))
        ),
        _ => "15-minute entries are kept for ever ([retention] detail_months = 0).".to_owned(),
    };
    format!("{rule}\n{table}")
}

fn done(run: &Run) -> String {
    if run.entries == 0 {
        return "Nothing was old enough to be folded.".to_owned();
    }
    let folded = if run.entries == 1 { "was folded into a day" } else { "were folded into days" };
    format!(
        "{} of {} {folded}. No total changed: tikmeter verify",
        many(run.entries, "entry"),
        printable(&run.routers.join(", "))
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_preview_says_what_is_kept_and_what_would_go() {
        let one = json!({"router": "tower", "detail_from": null, "entries": 1234});
        let kept =
            json!({"detail_months": 13, "before": "2026-01-15T00:00:00Z", "entries": 1234, "routers": [one]});
        let text = preview(&serde_json::from_value(kept).unwrap());
        assert!(text.contains("kept for 13 months") && text.contains("folds 1,234 of them"), "{text}");
        assert!(text.lines().last().unwrap().contains("the beginning"), "{text}");
        let all = json!({"detail_months": null, "before": null, "entries": 0, "routers": []});
        assert!(preview(&serde_json::from_value(all).unwrap()).contains("for ever"));
    }
}
