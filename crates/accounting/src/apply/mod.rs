//! Applies one snapshot to the state of its router: which counters moved, began, ended or came back, and what each
//! of that means for the ledger. The files follow the order of a round.

mod absence;
mod advance;
mod boot;
mod edges;
mod finish;
mod glimpse;
mod heard;
mod hosts;
mod known;
mod logins;
mod owners;
mod posting;
mod renamed;
mod round;
mod standing;
mod sums;
mod switch;
mod unknown;

use crate::changes::Changes;
use crate::octets::Octets;
use crate::plan::Plan;
use crate::snapshot::{CounterRow, CounterRows, Snapshot};
use crate::state::NasState;
use round::{ReadAt, Round};

impl NasState {
    /// Applies `snapshot`, matched by [`NasState::plan`] and supplied with what the plan asked for, and returns what
    /// it changes. The state has moved on already: when the changes cannot be committed, drop the state and rebuild
    /// it from the store (rule 3).
    pub fn apply(&mut self, snapshot: &Snapshot, plan: Plan) -> Changes {
        let continuity = boot::judge_boot(self, snapshot, &plan);
        let mut round = Round::new(self, snapshot, continuity);
        let plan = if continuity.is_new_boot() {
            round.start_new_boot();
            plan.forgotten()
        } else {
            plan
        };
        round.take_rows(&plan);
        round.take_logins(&plan);
        round.take_sums();
        round.take_hosts(&plan);
        round.take_standing(&plan);
        round.state.returning.clear();
        round.mark_absent();
        round.note_heard();
        round.note_glimpses();
        round.forget_orphans();
        round.finish()
    }
}

impl<'a> Round<'a> {
    /// Takes every row once: as the later print shows it, then what only the earlier one showed.
    fn take_rows(&mut self, plan: &Plan) {
        let snapshot = self.snapshot;
        self.make_room(plan.unknown.handles.len());
        let mut sandwich = Sandwich::of(snapshot, plan);
        if let Some(again) = snapshot.identified.as_ref() {
            let earlier = Earlier::of(plan, self.state.counters.len());
            for (row, slot) in again.counters_after.rows().zip(&plan.after) {
                match slot {
                    Some(slot) => {
                        if let Some(before) = earlier.row(*slot, &snapshot.counters) {
                            self.note_drops(*slot as usize, before, &row);
                        }
                        self.take_known(*slot as usize, row, ReadAt::AfterOwners);
                    }
                    None => self.take_unknown(row, sandwich.take_before(&row)),
                }
            }
        }
        for (row, slot) in snapshot.counters.rows().zip(&plan.before) {
            match slot {
                Some(slot) if self.not_taken(*slot as usize) => {
                    self.take_known(*slot as usize, row, ReadAt::BeforeOwners);
                }
                Some(_) => {}
                None if sandwich.take_before(&row).is_some() => self.take_unknown(row, None),
                None => {}
            }
        }
    }

    fn not_taken(&self, slot: usize) -> bool {
        let counter = &self.state.counters[slot];
        let set_aside = counter.absence.as_ref().is_some_and(|absence| absence.shown_in == self.seq());
        counter.seen_in != self.seq() && !counter.gone && !set_aside
    }
}

/// Where the print before the owner tables shows each known counter.
struct Earlier(Vec<u32>);

impl Earlier {
    fn of(plan: &Plan, counters: usize) -> Self {
        if plan.after.iter().all(Option::is_none) {
            return Earlier(Vec::new());
        }
        let mut index = vec![u32::MAX; counters];
        for (row, slot) in (0u32..).zip(&plan.before) {
            if let Some(slot) = slot {
                index[*slot as usize] = row;
            }
        }
        Earlier(index)
    }

    fn row<'s>(&self, slot: u32, rows: &'s CounterRows) -> Option<CounterRow<'s>> {
        rows.row(*self.0.get(slot as usize)? as usize)
    }
}

/// The unknown counters that the print before the owner tables showed: those that the print after them shows too
/// had one owner all the time (rule 6).
struct Sandwich<'a>(rustc_hash::FxHashMap<u64, CounterRow<'a>>);

impl<'a> Sandwich<'a> {
    fn of(snapshot: &'a Snapshot, plan: &Plan) -> Self {
        let rows = snapshot.counters.rows().zip(&plan.before);
        Sandwich(rows.filter(|(_, slot)| slot.is_none()).map(|(row, _)| (row.handle, row)).collect())
    }

    /// What the earlier print showed of the same row, once.
    fn take_before(&mut self, row: &CounterRow<'_>) -> Option<Octets> {
        let before = self.0.get(&row.handle).filter(|before| before.name == row.name)?.octets;
        self.0.remove(&row.handle);
        Some(before)
    }
}
