//! `tikmeter usage`: totals per router and login, their history, and exports.

mod choices;
mod history;

use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::cli::export::{self, Format};
use crate::client::all_pages;
use crate::failure::Failure;
use crate::output::{Table, grouped, instant, many, octets, percent, upper};
use crate::quantity;

use choices::Step;

/// The most items the server puts on a page of usage.
const LARGEST_PAGE: &str = "10000";

/// Whose totals, and of when.
#[derive(Debug, clap::Args)]
pub(crate) struct UsageArgs {
    /// Only on this router
    #[arg(long)]
    router: Option<String>,
    /// Only of this login, as the router gives it
    #[arg(long)]
    username: Option<String>,
    /// Only of this subscriber
    #[arg(long)]
    subscriber: Option<String>,
    /// From this instant on, like 2026-11-21T00:00:00Z [default: all time]
    #[arg(long, value_name = "TIME", value_parser = quantity::instant)]
    from: Option<String>,
    /// Until this instant, exclusive [default: no end]
    #[arg(long, value_name = "TIME", value_parser = quantity::instant)]
    to: Option<String>,
    /// Show step by step what was used in all
    #[arg(long, value_enum, value_name = "LENGTH")]
    step: Option<Step>,
    /// The zone whose hours and days the steps are, like Asia/Manila [default: UTC]
    #[arg(long, value_name = "ZONE", requires = "step", value_parser = quantity::zone)]
    zone: Option<String>,
    /// Write each login's usage in each step as a file for other programs
    #[arg(long, value_enum, value_name = "FORMAT", requires = "step")]
    export: Option<Format>,
}

/// The server's answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Usage {
    from: Option<String>,
    to: Option<String>,
    items: Vec<UsageItem>,
}

#[derive(Debug, Deserialize)]
struct UsageItem {
    router: String,
    username: Option<String>,
    kind: Option<String>,
    upload_octets: u64,
    download_octets: u64,
    observed_percent: Option<f64>,
    unobserved_upper_octets: Option<u64>,
    as_of: Option<String>,
}

impl UsageArgs {
    /// Shows them.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let asked = [
            ("router", self.router.as_deref()),
            ("username", self.username.as_deref()),
            ("subscriber", self.subscriber.as_deref()),
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
        ];
        let steps = [("step", self.step.map(Step::name)), ("zone", self.zone.as_deref())];
        match (self.step, self.export) {
            (None, _) => {
                let query =
                    [&asked[..], &[("by", Some("router,username")), ("limit", Some(LARGEST_PAGE))]].concat();
                let pages = all_pages(&caller.client, &["usage"], &query).await?;
                caller.show(&pages.joined()?, whole)
            }
            (Some(_), None) => history::show(caller, &[&asked[..], &steps].concat()).await,
            (Some(_), Some(format)) => {
                export::write(caller, format, &["usage", "export"], &[&asked[..], &steps].concat()).await
            }
        }
    }
}

fn whole(usage: &Usage) -> String {
    if usage.items.is_empty() {
        return "Nothing was counted in that window yet. How reading goes: tikmeter router list".to_owned();
    }
    let mut all: Vec<&UsageItem> = usage.items.iter().collect();
    all.sort_by(|one, other| one.router.cmp(&other.router).then(heaviest_first(one, other)));
    format!("{}{}\n", table(all.iter().copied()), sum(usage))
}

/// The `count` logins that used most, and the sum of all.
pub(crate) fn top(usage: &Usage, count: usize) -> String {
    let mut all: Vec<&UsageItem> = usage.items.iter().collect();
    all.sort_by(|one, other| heaviest_first(one, other));
    all.truncate(count);
    format!("{}{}\n", table(all.into_iter()), sum(usage))
}

/// Whether anything was counted by a reading later than `since`.
pub(crate) fn has_octets_since(usage: &Usage, since: jiff::Timestamp) -> bool {
    usage.items.iter().any(|item| item.volume() > 0 && item.is_read_after(since))
}

impl UsageItem {
    fn volume(&self) -> u128 {
        u128::from(self.upload_octets) + u128::from(self.download_octets)
    }

    fn is_read_after(&self, since: jiff::Timestamp) -> bool {
        let read = self.as_of.as_deref().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        read.is_some_and(|read| read > since)
    }
}

fn heaviest_first(one: &UsageItem, other: &UsageItem) -> std::cmp::Ordering {
    other.volume().cmp(&one.volume()).then_with(|| one.username.cmp(&other.username))
}

fn table<'a>(items: impl Iterator<Item = &'a UsageItem>) -> Table {
    let mut table =
        Table::new(&["router", "login", "kind", ">upload", ">download", ">observed", ">unseen", "as of"]);
    for item in items {
        table.row([
            item.router.clone(),
            item.username.clone().unwrap_or_else(|| "(nobody)".to_owned()),
            item.kind.clone().unwrap_or_else(|| "-".to_owned()),
            octets(item.upload_octets),
            octets(item.download_octets),
            percent(item.observed_percent),
            upper(item.unobserved_upper_octets),
            instant(item.as_of.as_deref()),
        ]);
    }
    table
}

fn sum(usage: &Usage) -> String {
    let total = |pick: fn(&UsageItem) -> u64| usage.items.iter().map(pick).fold(0_u64, u64::saturating_add);
    let (up, down) = (total(|item| item.upload_octets), total(|item| item.download_octets));
    format!(
        "{}, {}: {} up ({} octets), {} down ({} octets)",
        many(usage.items.len() as u64, "login"),
        window(usage),
        octets(up),
        grouped(up),
        octets(down),
        grouped(down)
    )
}

fn window(usage: &Usage) -> String {
    match (&usage.from, &usage.to) {
        (None, None) => "all time".to_owned(),
        (Some(from), None) => format!("from {}", instant(Some(from))),
        (None, Some(to)) => format!("until {}", instant(Some(to))),
        (Some(from), Some(to)) => format!("from {} until {}", instant(Some(from)), instant(Some(to))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn usage() -> Usage {
        let item = |router: &str, username: Option<&str>, up: u64, down: u64| {
            json!({"router": router, "username": username, "kind": username.map(|_| "ppp"), "upload_octets": up, "download_octets": down,
                "observed_percent": 100.0, "unobserved_upper_octets": 0, "as_of": "2026-11-21T14:02:05Z"})
        };
        let items =
            [item("b", Some("ana"), 1, 2), item("a", None, 5, 0), item("a", Some("Ana"), 1_000_000, 7)];
        serde_json::from_value(
            json!({"from": null, "to": "2026-11-21T14:15:00Z", "items": items, "next": null}),
        )
        .unwrap()
    }

    fn logins(text: &str) -> Vec<&str> {
        text.lines().skip(1).filter_map(|line| line.split_whitespace().nth(1)).take(3).collect()
    }

    #[test]
    fn routers_stand_together_and_the_heaviest_first() {
        let text = whole(&usage());
        assert_eq!(logins(&text), ["Ana", "(nobody)", "ana"]);
        assert!(
            text.contains("until 2026-11-21 14:15:00 UTC: 1.0 MB up (1,000,006 octets), 9 B down (9 octets)"),
            "{text}"
        );
    }

    #[test]
    fn the_top_is_cut_but_the_sum_is_of_all() {
        let text = top(&usage(), 1);
        assert!(text.contains("Ana") && !text.contains("(nobody)") && text.contains("3 logins"), "{text}");
        let told_of = |since: &str| has_octets_since(&usage(), since.parse().unwrap());
        assert!(told_of("2026-11-21T14:02:04Z") && !told_of("2026-11-21T14:02:05Z"));
    }
}
