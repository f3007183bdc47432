//! Closing a round: the router's record moves on, and what changed is gathered for one commit.

use crate::changes::{Changes, CounterRecord, CoverageRow, CoverageStart};
use crate::continuity::Continuity;
use crate::octets::Octets;
use crate::table::Table;

use super::round::Round;

impl Round<'_> {
    /// Closes the round: the router's record moves on and the changes are complete.
    pub(super) fn finish(mut self) -> Changes {
        crate::series::note_new_sessions(&mut self.state.record, &mut self.new_session_ids);
        self.changes.coverage = self.coverage_rows();
        self.note_named();
        let record = &mut self.state.record;
        record.device = Some(self.snapshot.device.clone());
        record.last = Some(self.snapshot.times);
        record.poll_seq += 1;
        let start = CoverageStart { boot: record.boot, uptime_s: self.snapshot.times.uptime.after };
        for table in Table::ALL.into_iter().filter(|table| self.snapshot.reads(*table)) {
            record.coverage_start.begin(table, start);
        }
        if self.snapshot.reads(Table::HotspotHost) {
            // What this print lacked may have been there all the same, and not let through.
            let start = CoverageStart { uptime_s: self.snapshot.times.uptime.before, ..start };
            record.coverage_start.begin_anew(Table::HotspotHost, start);
        }
        self.changes.nas = record.clone();
        self.settle_edges();
        self.changes.session_logins = std::mem::take(&mut self.state.rebound_sessions);
        add_up(&mut self.changes.cycle_octets);
        add_up(&mut self.changes.session_octets);
        self.changes.new_counters = self.records_of(&self.new_slots);
        let changed = sorted(&mut self.changed_slots, &[&self.new_slots]);
        self.changes.changed_counters = self.records_of(&changed);
        let moved = sorted(&mut self.moved_slots, &[&self.new_slots, &changed]);
        self.note_baselines(&moved);
        self.state.tidy();
        self.changes
    }

    /// Whole tables named every binding's session: what is not known of one reaches back to here, at most.
    fn note_named(&mut self) {
        let named_since = match self.continuity {
            Continuity::Assumed => None,
            _ if self.unnamed || !self.names_whole() => return,
            continuity if continuity.is_new_boot() => Some(self.snapshot.times),
            _ => Some(self.last),
        };
        self.state.record.named_since = named_since;
    }

    fn records_of(&self, slots: &[usize]) -> Vec<CounterRecord> {
        let (boot, roster) = (self.state.record.boot, &self.state.roster);
        slots.iter().map(|slot| self.state.counters[*slot].to_record(boot, roster)).collect()
    }

    /// A counter whose record is written whole says where it stands in that.
    fn note_baselines(&mut self, moved: &[usize]) {
        for slot in moved {
            let counter = &self.state.counters[*slot];
            match &counter.open {
                Some(open) => self.changes.opened_counters.push((counter.no, open.place)),
                None => self.changes.counter_octets.push((counter.no, counter.octets)),
            }
        }
    }

    /// One row for each table that this round covers. What it does not cover is covered by a new row once it is again.
    fn coverage_rows(&mut self) -> Vec<CoverageRow> {
        let unbroken = !self.snapshot.after_gap && self.continuity == Continuity::Proven;
        let mut rows = Vec::new();
        for table in Table::ALL {
            let open = self.state.record.open_coverage.of(table).filter(|_| unbroken);
            let covered = self.snapshot.covers(table);
            let no = covered.then(|| open.unwrap_or_else(|| self.state.next_no()));
            self.state.record.open_coverage.set(table, no);
            let (from, to, is_new) = (self.at(), self.at(), open.is_none());
            rows.extend(no.map(|no| CoverageRow { table, no, from, to, is_new }));
        }
        rows
    }
}

/// Sorts by number and leaves one sum for each.
fn add_up<N: Ord + Copy>(octets: &mut Vec<(N, Octets)>) {
    octets.sort_unstable_by_key(|(number, _)| *number);
    octets.dedup_by(|later, sum| {
        let same = later.0 == sum.0;
        if same {
            sum.1 += later.1;
        }
        same
    });
}

/// Takes them, each once, in order, without those in `others`.
fn sorted(slots: &mut Vec<usize>, others: &[&[usize]]) -> Vec<usize> {
    let mut slots = std::mem::take(slots);
    slots.sort_unstable();
    slots.dedup();
    slots.retain(|slot| others.iter().all(|others| others.binary_search(slot).is_err()));
    slots
}
