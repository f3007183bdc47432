//! Whether interfaces that are enrolled for subscribers face them. What the router receives from whom it faces is their upload (routeros.md
//! §3); an interface towards the rest of the world shows everything the other way round. Counters since boot are compared, and only where the
//! difference is too large for a subscriber who sends much.

use operations::{Finding, FindingCode, name_to_text};
use routeros_proto::{Command, value};

use super::visit::{Visit, named};
use crate::link::{Link, LinkError};

/// Less than that says nothing.
const ENOUGH_OCTETS: u64 = 100_000_000;
/// So many times as much up as down is too much.
const TIMES: u64 = 4;

pub(super) async fn look(link: &mut Link, visit: &Visit<'_>) -> Result<Vec<Finding>, LinkError> {
    let faces = &visit.patient.faces;
    if faces.is_empty() {
        return Ok(Vec::new());
    }
    let print = Command::new("/interface/print").proplist(&["name", "rx-byte", "tx-byte"]);
    let mut found = Vec::new();
    link.print(&print.query_any_of("name", faces), |row| {
        let octets = |name: &[u8]| row.get(name).and_then(value::unsigned);
        if let (Some(name), Some(rx), Some(tx)) = (row.get(b"name"), octets(b"rx-byte"), octets(b"tx-byte")) {
            found.extend(swapped(name, rx, tx));
        }
    })
    .await?;
    Ok(found)
}

fn swapped(name: &[u8], rx: u64, tx: u64) -> Option<Finding> {
    if rx < ENOUGH_OCTETS || rx / TIMES < tx {
        return None;
    }
    let what = format!(
        "The interface {} received {} MB and sent {} MB: it looks as if it faced away from the subscriber it counts for.",
        named(name),
        rx / 1_000_000,
        tx / 1_000_000
    );
    Some(Finding::new(FindingCode::DirectionSwapped, what).about(name_to_text(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn much_more_up_than_down_is_a_fault_and_an_even_or_a_small_sum_is_none() {
        assert!(swapped(b"ether1", 400_000_000, 100_000_000).is_some());
        for (rx, tx) in [(399_999_999, 100_000_000), (99_999_999, 0), (100_000_000, 900_000_000)] {
            assert_eq!(swapped(b"ether1", rx, tx), None, "{rx} {tx}");
        }
    }
}
