//! Devices that a hotspot lets through without a login. A host's counter outlives both: it goes on while its device is
//! logged in, and before it is let through. So only what it gained between two prints that both show it let through
//! counts, and nothing of what the row of a login counted (DESIGN rules 1 and 8).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::bound::capped;
use crate::continuity::Continuity;
use crate::ledger::Reason;
use crate::octets::Octets;
use crate::plan::Plan;
use crate::snapshot::{OwnedRow, OwnedRows, Owner, Snapshot};
use crate::table::Table;

use super::posting::Posting;
use super::round::Round;

impl Round<'_> {
    /// Takes every row once, after the logins.
    pub(super) fn take_hosts(&mut self, plan: &Plan) {
        let snapshot = self.snapshot;
        let Some(rows) = &snapshot.hosts else { return };
        self.take_owned(Table::HotspotHost, rows, &plan.hosts, &logged_in(snapshot, rows));
    }

    /// True when a host's table was not read and its device had a login meanwhile.
    pub(super) fn is_device_logged_in(&self, slot: usize) -> bool {
        let counter = &self.state.counters[slot];
        let mut logins = self.snapshot.logins.iter().flat_map(OwnedRows::rows);
        counter.table() == Table::HotspotHost && logins.any(|row| *row.counter.name == *counter.name)
    }

    /// True when the host began after the last round, so that no row of a login can have counted what it shows.
    pub(super) fn began_since_last_round(&self, owner: &Owner) -> bool {
        let start = owner.session.as_ref().and_then(|session| self.start_of(session));
        let last = i64::try_from(self.last.uptime.after).unwrap_or(i64::MAX);
        start.is_some_and(|start| match self.continuity {
            Continuity::Rebooted => start.latest >= 0,
            // What an earlier state of the router shows was there before.
            Continuity::SetBack | Continuity::Replaced => false,
            Continuity::First | Continuity::Proven | Continuity::Assumed => start.earliest > last,
        })
    }

    /// True when a print since the host's last reading did not show it let through.
    pub(super) fn may_have_been_held_up(&self, slot: usize) -> bool {
        let counter = &self.state.counters[slot];
        let absence = counter.absence.as_ref();
        counter.table() == Table::HotspotHost && absence.is_some_and(|absence| absence.rounds > 0)
    }

    /// The host is let through again, or still: how much of what it gained since its last reading it gained as one that
    /// is, nobody knows.
    pub(super) fn begin_again(&mut self, slot: usize, row: &OwnedRow<'_>) {
        let after = row.counter.octets;
        self.note_confirmation(slot, after);
        let (from, seconds) = self.since_last_read(slot);
        let before = self.state.counters[slot].octets;
        let unseen = self.state.link.unseen(seconds);
        let unseen = after.grown_since(before).map_or(unseen, |gained| capped(unseen, gained));
        self.mark_present(slot);
        self.follow_start(slot, row.start(self.snapshot.times.uptime));
        if after == before {
            return;
        }
        self.set_octets(slot, after);
        let (reason, delta, unseen) = (Reason::Baseline, Octets::ZERO, Some(unseen));
        self.post(slot, Posting { reason, delta, before, after, from, seconds: None, unseen });
    }
}

/// The hosts that the print of the logins, which came before, shows logged in: what they show, their logins counted. A
/// device may have several addresses, each a host.
fn logged_in(snapshot: &Snapshot, hosts: &OwnedRows) -> FxHashSet<usize> {
    let mut logins: FxHashMap<&[u8], Vec<&[u8]>> = FxHashMap::default();
    if !hosts.is_empty() {
        for login in snapshot.logins.iter().flat_map(OwnedRows::rows) {
            logins.entry(login.counter.name).or_default().push(login.address);
        }
    }
    let is_logged_in = |host: &OwnedRow<'_>| {
        let of_device = logins.get(host.counter.name);
        let same =
            |address: &&[u8]| *address == host.address || address.is_empty() || host.address.is_empty();
        of_device.is_some_and(|addresses| addresses.iter().any(same))
    };
    hosts.rows().enumerate().filter(|(_, host)| is_logged_in(host)).map(|(index, _)| index).collect()
}
