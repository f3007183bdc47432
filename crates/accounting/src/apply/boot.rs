//! Reboots and replaced devices: every counter of the old boot is gone at once.

use crate::changes::{CoverageStart, CoverageStarts, NasRecord};
use crate::continuity::{Continuity, SessionEvidence, judge};
use crate::counter::{Counter, Identity};
use crate::octets::Octets;
use crate::plan::Plan;
use crate::series::boot_digit;
use crate::snapshot::{OwnedRows, Owner, OwnerSession, Snapshot};
use crate::state::NasState;
use crate::time::{StartInterval, StartMove};

use super::round::{NAS_REBOOT, Round};

/// How the boot of `snapshot` relates to the last committed one, by the clocks and by what the session tables say of
/// sessions known before. Notes whether a reboot may have gone unnoticed.
pub(super) fn judge_boot(state: &mut NasState, snapshot: &Snapshot, plan: &Plan) -> Continuity {
    let evidence = session_evidence(state, snapshot, plan);
    let continuity = judge(&state.record, &snapshot.device, &snapshot.times, snapshot.after_gap, evidence);
    // That the boot went on since the last round says nothing of an outage before it.
    if continuity == Continuity::Assumed {
        doubt_the_axis(&mut state.record);
    }
    continuity
}

/// From here on the second of uptime at which something began before may be another boot's.
fn doubt_the_axis(record: &mut NasRecord) {
    record.boot_doubtful = true;
    for glimpse in &mut record.glimpses {
        glimpse.start = None;
    }
}

fn session_evidence(state: &NasState, snapshot: &Snapshot, plan: &Plan) -> SessionEvidence {
    if !snapshot.after_gap {
        return SessionEvidence::default();
    }
    let mut evidence = login_evidence(state, snapshot, plan);
    let Some(identified) = snapshot.identified.as_ref() else { return evidence };
    // Where an earlier outage may have hidden it already, what was read since is of the other boot too.
    evidence.another_boot = !state.record.boot_doubtful && another_boot(state, &identified.owners);
    let owners: rustc_hash::FxHashMap<&[u8], _> =
        identified.owners.iter().map(|owner| (&*owner.counter_name, owner)).collect();
    for (row, slot) in snapshot.counters.rows().zip(&plan.before) {
        let Some(counter) = slot.map(|slot| &state.counters[slot as usize]) else { continue };
        let shown = owners.get(row.name).and_then(|owner| owner.session.as_ref());
        let start =
            |shown: &OwnerSession| Some(StartInterval::of(snapshot.times.uptime, shown.session_time_s?));
        let known = counter.session.as_ref();
        let identity = known.zip(shown).map(|(known, shown)| known.compared_to(shown, start(shown)));
        evidence.same_session_id |= identity == Some(Identity::Same { by_id: true });
        evidence.start_moved_backward |= identity == Some(Identity::Earlier);
        // The counter of a binding may start over with each session.
        let another = matches!(identity, Some(Identity::Another | Identity::OtherId));
        evidence.counter_fell |= !another && fell(row.octets, counter);
    }
    evidence
}

/// What the rows of hotspot logins say: the same device's same login began earlier than it did, or counts less.
fn login_evidence(state: &NasState, snapshot: &Snapshot, plan: &Plan) -> SessionEvidence {
    let mut evidence = SessionEvidence::default();
    let rows = snapshot.logins.iter().flat_map(OwnedRows::rows);
    for (row, slot) in rows.zip(&plan.logins) {
        let Some(counter) = slot.map(|slot| &state.counters[slot as usize]) else { continue };
        let Some(known) = &counter.session else { continue };
        if state.roster.name(known.login) != row.login || row.counter.name.is_empty() {
            continue;
        }
        let moved = known.start.map(|known| row.start(snapshot.times.uptime).compared_to(known));
        evidence.start_moved_backward |= moved == Some(StartMove::Backward);
        evidence.counter_fell |= moved == Some(StartMove::Same) && fell(row.counter.octets, counter);
    }
    evidence
}

fn fell(octets: Octets, counter: &Counter) -> bool {
    octets.grown_since(counter.octets).is_none()
}

fn another_boot(state: &NasState, owners: &[Owner]) -> bool {
    let live = state.counters.iter().filter(|counter| !counter.gone);
    let mut known = live.filter_map(|counter| counter.session.as_ref()?.acct_session_id).map(boot_digit);
    let Some(known) = known.next() else { return false };
    let mut shown = owners.iter().filter_map(|owner| owner.session.as_ref()?.acct_session_id);
    shown.any(|id| boot_digit(id) != known)
}

impl Round<'_> {
    /// Ends everything of the old boot and starts a new one.
    pub(super) fn start_new_boot(&mut self) {
        self.end_glimpses_by_reboot();
        for slot in 0..self.state.counters.len() {
            self.end_by_reboot(slot);
        }
        // What began on an axis before it was set back may have moved octets after coverage began.
        self.state.record.boot_doubtful = self.continuity == Continuity::SetBack;
        let counters = std::mem::take(&mut self.state.counters);
        self.state.record.boot += 1;
        self.state.record.named_since = None;
        if self.continuity == Continuity::Rebooted {
            let permanent = counters.into_iter().filter(|counter| counter.permanent && !counter.gone);
            self.enrolled = permanent.map(|counter| (counter.table(), counter.name)).collect();
        } else {
            self.state.record.coverage_start = self.coverage_goes_on();
            self.state.record.session_series.clear();
        }
        self.state.by_handle.clear();
        self.state.orphans.clear();
        self.state.restored_glimpses.clear();
        self.state.returning.clear();
        self.state.sums.forget_boot();
        self.state.record.told_until = None;
        self.state.suspect_prints_left = Default::default();
        // Their last entries left the counters where they were.
        self.changed_slots.clear();
        self.moved_slots.clear();
        self.changes.forget_boots_before = Some(self.state.record.boot);
    }

    /// Of an earlier state nothing is known not to have been counted; what moved since the last look has a bound. Another
    /// device was never watched.
    fn coverage_goes_on(&self) -> CoverageStarts {
        if self.continuity != Continuity::SetBack {
            return CoverageStarts::default();
        }
        let (record, uptime_s) = (&self.state.record, self.snapshot.times.uptime.after);
        record.coverage_start.moved_to(CoverageStart { boot: record.boot, uptime_s })
    }

    fn end_by_reboot(&mut self, slot: usize) {
        if self.state.counters[slot].gone {
            return;
        }
        let (from, unseen) = self.unseen_to_its_end(slot);
        self.end_session(slot, Some(NAS_REBOOT), from, Some(unseen));
    }
}
