//! Entries as lines: when, what happened, and the sum so far.

use serde::Deserialize;

use super::sum::{Sum, Volume};
use crate::client::Pages;
use crate::failure::Failure;
use crate::output::{grouped, instant, printable};

/// One page of an explanation.
#[derive(Debug, Deserialize)]
pub(super) struct Explanation {
    subject: String,
    notes: Vec<String>,
    upload_octets: u64,
    download_octets: u64,
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    at_to: String,
    router: String,
    reason: String,
    posted: bool,
    decision: Option<String>,
    upload_octets: u64,
    download_octets: u64,
    text: String,
}

/// Whether the total changed between the first page and the last.
pub(super) fn moved(pages: &Pages) -> Result<bool, Failure> {
    let [first, .., last] = pages.0.as_slice() else { return Ok(false) };
    Ok(first.read::<Explanation>()?.total() != last.read::<Explanation>()?.total())
}

/// The lines of one page; its posted entries are added to `sum`.
pub(super) fn page(page: &Explanation, sum: &mut Sum) -> String {
    sum.subject.clone_from(&page.subject);
    sum.notes.clone_from(&page.notes);
    sum.total = page.total();
    page.items.iter().map(|item| entry(item, sum)).collect()
}

impl Explanation {
    fn total(&self) -> Volume {
        Volume { up: self.upload_octets, down: self.download_octets }
    }
}

fn entry(item: &Item, sum: &mut Sum) -> String {
    let head =
        format!("{} {} [{}]", instant(Some(&item.at_to)), printable(&item.router), printable(&item.reason));
    let (up, down) = (grouped(item.upload_octets), grouped(item.download_octets));
    let tail = if item.posted {
        let so_far = sum.post(Volume { up: item.upload_octets, down: item.download_octets });
        format!("+{up} up, +{down} down; so far {} up, {} down", grouped(so_far.up), grouped(so_far.down))
    } else {
        sum.hold(item.decision.is_some());
        format!("({up} up, {down} down are in no total)")
    };
    format!("\n{head}\n  {}\n  {tail}\n", printable(&item.text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::Answer;

    fn explanation(total: u64, items: &[(u64, bool)]) -> serde_json::Value {
        let item = |(up, posted): &(u64, bool)| {
            json!({"at_to": "2026-11-21T14:02:05Z", "router": "tower", "reason": "grew", "posted": posted,
                "upload_octets": up, "download_octets": 0, "text": "interface \u{1b} grew"})
        };
        let items: Vec<_> = items.iter().map(item).collect();
        json!({"subject": "login ana", "notes": [], "upload_octets": total, "download_octets": 0, "items": items, "next": null})
    }

    #[test]
    fn the_running_sum_leaves_out_what_is_held() {
        let mut sum = Sum::default();
        let read =
            serde_json::from_value(explanation(1_500, &[(1_000, true), (9, false), (500, true)])).unwrap();
        let text = page(&read, &mut sum);
        assert!(
            text.contains("so far 1,500 up") && text.contains("(9 up, 0 down are in no total)"),
            "{text}"
        );
        assert!(text.contains("interface \\x1b grew"), "{text}");
        assert!(sum.verdict().is_ok());
    }

    #[test]
    fn a_total_that_moved_between_pages_is_noticed() {
        let pages = |totals: &[u64]| {
            let answer =
                |total: &u64| Answer { text: explanation(*total, &[]).to_string(), simulated: false };
            Pages(totals.iter().map(answer).collect())
        };
        assert_eq!(
            [&[1][..], &[1, 1], &[1, 5, 2]].map(|totals| moved(&pages(totals)).unwrap()),
            [false, false, true]
        );
    }
}
