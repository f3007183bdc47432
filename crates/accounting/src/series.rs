//! How many PPP sessions nobody saw: the router numbers its sessions, so a gap in the numbers is a session that
//! came and went between two looks (routeros.md §2.3; DESIGN rule 9).

use crate::changes::{NasRecord, SessionSeries};
use crate::table::Table;

/// Bits of the running number; the digits above it are service and boot (routeros.md §2.3: `0x81100000`).
const RUNNING_BITS: u32 = 20;
/// A leap beyond this is another series, not that many unseen sessions.
const LARGEST_GAP: u64 = 10_000;

/// The digit of a session-id that is one more after each reboot, and wraps after sixteen.
pub(crate) fn boot_digit(id: u64) -> u64 {
    (id >> RUNNING_BITS) & 0xF
}

/// Takes the session-ids newly seen in one round and adds the gaps they leave to `unseen_sessions`. Ids below the
/// highest one seen are late rows of sessions already counted as unseen: they are taken off again. The gaps of the
/// device's first round are sessions that were over before anybody looked.
pub(crate) fn note_new_sessions(record: &mut NasRecord, ids: &mut [u64]) {
    let covered = record.coverage_start.of(Table::Interface).is_some();
    ids.sort_unstable();
    for id in ids.iter() {
        let (prefix, running) = (id >> RUNNING_BITS, id & ((1 << RUNNING_BITS) - 1));
        match record.session_series.iter_mut().find(|series| series.prefix == prefix) {
            None => record.session_series.push(SessionSeries { prefix, highest: running }),
            Some(series) if running > series.highest => {
                let gap = running - series.highest - 1;
                record.unseen_sessions += if covered && gap <= LARGEST_GAP { gap } else { 0 };
                series.highest = running;
            }
            Some(_) => record.unseen_sessions = record.unseen_sessions.saturating_sub(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::CoverageStart;

    fn unseen_after(rounds: &[&[u64]]) -> u64 {
        let mut record = NasRecord::default();
        for ids in rounds {
            note_new_sessions(&mut record, &mut ids.to_vec());
            record.coverage_start.begin(Table::Interface, CoverageStart { boot: 0, uptime_s: 0 });
        }
        record.unseen_sessions
    }

    #[test]
    fn gaps_in_one_series_are_sessions_nobody_saw() {
        assert_eq!(unseen_after(&[&[0x8110_0000, 0x8110_0001], &[0x8110_0005]]), 3);
        assert_eq!(unseen_after(&[&[0x8110_0005, 0x8110_0003, 0x8110_0004]]), 0);
    }

    #[test]
    fn sessions_over_before_the_first_round_are_not_unseen() {
        assert_eq!(unseen_after(&[&[0x8110_0000, 0x8110_0009]]), 0);
        assert_eq!(unseen_after(&[&[0x8110_0000, 0x8110_0009], &[0x8110_000B]]), 1);
    }

    #[test]
    fn another_boot_is_another_series() {
        assert_eq!(unseen_after(&[&[0x8110_0009], &[0x8120_0000]]), 0);
    }

    #[test]
    fn a_late_row_fills_its_gap() {
        assert_eq!(unseen_after(&[&[0x8110_0001], &[0x8110_0004], &[0x8110_0003]]), 1);
    }
}
