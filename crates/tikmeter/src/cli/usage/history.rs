//! `tikmeter usage --step ...`: what was used in all, step by step.

use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::client::Query;
use crate::failure::Failure;
use crate::output::{Table, instant, octets, percent, upper};

/// The server's answer.
#[derive(Debug, Deserialize)]
struct History {
    zone: String,
    detail_from: Option<String>,
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    from: String,
    local: String,
    upload_octets: u64,
    download_octets: u64,
    unobserved_upper_octets: Option<u64>,
    covered_percent: Option<f64>,
}

/// Shows a history.
///
/// # Errors
/// One sentence.
pub(super) async fn show(caller: &Caller, query: &Query<'_>) -> Result<(), Failure> {
    let answer = caller.client.get(&["usage", "history"], query).await?;
    caller.show(&answer, table)
}

fn table(history: &History) -> String {
    let from = format!("from ({})", history.zone);
    let mut table = Table::new(&[&from, ">upload", ">download", ">unseen", ">read"]);
    for item in &history.items {
        table.row([
            clock(&item.local),
            octets(item.upload_octets),
            octets(item.download_octets),
            upper(item.unobserved_upper_octets),
            percent(item.covered_percent),
        ]);
    }
    format!("{table}{}", of_days(history))
}

/// What a reader must know of steps that lie before the detail.
fn of_days(history: &History) -> String {
    let before = |edge: &&String| {
        history.items.first().is_some_and(|first| instant_of(&first.from) < instant_of(edge))
    };
    match history.detail_from.as_ref().filter(before) {
        None => String::new(),
        Some(edge) => format!(
            "Before {} the ledger keeps days of the installation's zone: each stands in the step in which its last entry ended.\n",
            instant(Some(edge))
        ),
    }
}

fn instant_of(text: &str) -> Option<jiff::Timestamp> {
    text.parse().ok()
}

/// `2026-10-25T02:00:00+01:00` as `2026-10-25 02:00 +01:00`: the offset tells the two hours of a clock set back apart.
fn clock(local: &str) -> String {
    match (local.get(..10), local.get(11..16), local.get(19..)) {
        (Some(day), Some(time), Some(offset)) => format!("{day} {time} {offset}"),
        _ => local.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_step_has_its_line_on_the_zones_clock() {
        let item = |local: &str, up: u64, read: Option<f64>| {
            json!({"from": "2026-10-25T00:00:00Z", "local": local, "upload_octets": up, "download_octets": 2_000_000, "unobserved_upper_octets": 0,
                "covered_percent": read})
        };
        let items = [
            item("2026-10-25T02:00:00+02:00", 1_500_000, Some(50.0)),
            item("2026-10-25T02:00:00+01:00", 0, None),
        ];
        let text = table(
            &serde_json::from_value(
                json!({"zone": "Europe/Berlin", "detail_from": "2026-10-26T00:00:00Z", "items": items}),
            )
            .unwrap(),
        );
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0][..2], ["from", "(Europe/Berlin)"]);
        assert_eq!(lines[1], ["2026-10-25", "02:00", "+02:00", "1.5", "MB", "2.0", "MB", "0", "50.0", "%"]);
        assert_eq!(lines[2][2], "+01:00");
        assert!(text.contains("Before 2026-10-26 00:00:00 UTC the ledger keeps days of"), "{text}");
    }
}
