//! `tikmeter subscriber cycles`: what was used from renewal to renewal.

use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::cli::paging::{PagingArgs, more};
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, instant, octets, percent, upper};

#[derive(Deserialize)]
struct Cycle {
    seq_no: u64,
    opened_by: String,
    opened_at: String,
    closed_at: Option<String>,
    #[serde(rename = "final")]
    is_final: bool,
    undone_renewals: u32,
    upload_octets: u64,
    download_octets: u64,
    credited_upload_octets: u64,
    credited_download_octets: u64,
    unobserved_upper_octets: Option<u64>,
    observed_percent: Option<f64>,
}

/// Lists them.
///
/// # Errors
/// One sentence.
pub(super) async fn list(caller: &Caller, subscriber: &str, paging: &PagingArgs) -> Result<(), Failure> {
    let answer = caller.client.get(&["subscribers", subscriber, "cycles"], &paging.query(&[])).await?;
    caller.show(&answer, |page: &Page<Cycle>| table(&page.items) + &more(page))
}

fn table(cycles: &[Cycle]) -> String {
    let mut table = Table::new(&[
        ">cycle",
        "opened",
        "by",
        "closed",
        "state",
        ">upload",
        ">download",
        ">credited",
        ">observed",
        ">unseen",
    ]);
    for cycle in cycles {
        table.row([
            cycle.seq_no.to_string(),
            instant(Some(&cycle.opened_at)),
            cycle.opened_by.clone(),
            instant(cycle.closed_at.as_deref()),
            state(cycle),
            octets(cycle.upload_octets),
            octets(cycle.download_octets),
            octets(cycle.credited_upload_octets.saturating_add(cycle.credited_download_octets)),
            percent(cycle.observed_percent),
            upper(cycle.unobserved_upper_octets),
        ]);
    }
    table.to_string()
}

fn state(cycle: &Cycle) -> String {
    let state = match (&cycle.closed_at, cycle.is_final) {
        (None, _) => "open",
        (Some(_), true) => "final",
        (Some(_), false) => "waits for a reading",
    };
    match cycle.undone_renewals {
        0 => state.to_owned(),
        1 => format!("{state}, a renewal undone"),
        many => format!("{state}, {many} renewals undone"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cycle_says_whether_it_is_final() {
        let cycle = |closed: Option<&str>, is_final| {
            let cycle = json!({"seq_no": 1, "opened_by": "plan", "opened_at": "2026-11-21T14:00:00Z", "closed_at": closed,
                "final": is_final, "undone_renewals": 0, "upload_octets": 1, "download_octets": 2, "credited_upload_octets": 0, "credited_download_octets": 0, "unobserved_upper_octets": 0,
                "observed_percent": 100.0});
            table(&[serde_json::from_value(cycle).unwrap()])
        };
        assert!(cycle(None, false).contains("open"));
        assert!(cycle(Some("2026-11-22T14:00:00Z"), false).contains("waits for a reading"));
        assert!(cycle(Some("2026-11-22T14:00:00Z"), true).contains("final"));
    }
}
