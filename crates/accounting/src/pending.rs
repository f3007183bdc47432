//! Snapshots that wait for the store. Counters are cumulative, so of several that only continue each other the latest
//! says it all (DESIGN rule 13); where ids changed or a counter dropped, all are kept.

use std::collections::VecDeque;

use crate::snapshot::{CounterRows, OwnedRows, Snapshot};
use crate::table::Table;
use crate::time::StartMove;

/// Waiting snapshots of one router, oldest first, within a stated memory.
#[derive(Debug)]
pub struct Pending {
    waiting: VecDeque<Waiting>,
    limit_bytes: usize,
}

#[derive(Debug)]
struct Waiting {
    snapshot: Snapshot,
    /// It only continues the one that came before it. Only then may a later one stand for it: the first of a run must
    /// stay, because what it would be compared with is in the store, and it may show a drop that the later value hides.
    continues: bool,
}

impl Pending {
    /// An empty queue that holds at most `limit_bytes` of rows.
    pub fn new(limit_bytes: usize) -> Self {
        Pending { waiting: VecDeque::new(), limit_bytes }
    }

    /// Takes a snapshot; it replaces the newest waiting one when both merely continue what was before.
    pub fn push(&mut self, mut snapshot: Snapshot) {
        let continues = self.waiting.back().is_some_and(|newest| continues(&newest.snapshot, &snapshot));
        if let Some(newest) = self.waiting.back_mut().filter(|newest| continues && newest.continues) {
            let mut heard = std::mem::take(&mut newest.snapshot.heard);
            heard.append(&mut snapshot.heard);
            snapshot.heard = heard;
            snapshot.logins = snapshot.logins.or_else(|| newest.snapshot.logins.take());
            // Some of what it says was read when the older one was.
            snapshot.times.bindings = snapshot.times.bindings.min(newest.snapshot.times.bindings);
            snapshot.idle.append(&mut newest.snapshot.idle);
            newest.snapshot = snapshot;
        } else {
            self.waiting.push_back(Waiting { snapshot, continues });
        }
    }

    /// Takes the oldest waiting snapshot out, to be committed.
    pub fn take(&mut self) -> Option<Snapshot> {
        self.waiting.pop_front().map(|oldest| oldest.snapshot)
    }

    /// Puts a snapshot back that could not be committed; it is the oldest again.
    pub fn give_back(&mut self, snapshot: Snapshot) {
        self.waiting.push_front(Waiting { snapshot, continues: false });
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// True when none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// True when no further snapshot may be taken: the router pauses (rule 13).
    pub fn is_full(&self) -> bool {
        self.waiting.iter().map(|one| memory_bytes(&one.snapshot)).sum::<usize>() >= self.limit_bytes
    }
}

fn memory_bytes(snapshot: &Snapshot) -> usize {
    let again = snapshot
        .identified
        .as_ref()
        .map_or(0, |i| i.counters_after.memory_bytes() + (i.owners.len() + i.half_seen.len()) * 200);
    let logins = snapshot.logins.as_ref().map_or(0, OwnedRows::memory_bytes);
    let sums = snapshot.sums.as_ref().map_or(0, |sums| sums.rows.memory_bytes());
    let hosts = snapshot.hosts.as_ref().map_or(0, OwnedRows::memory_bytes);
    let standing: usize = snapshot.standing.iter().map(|print| print.rows.memory_bytes()).sum();
    let told = snapshot.heard.len() + snapshot.lost_sight_of.len();
    snapshot.counters.memory_bytes() + standing + again + logins + hosts + sums + told * 200
}

/// True when `later` says all that `earlier` said, and more recently.
fn continues(earlier: &Snapshot, later: &Snapshot) -> bool {
    earlier.device == later.device
        && !later.after_gap
        && earlier.identified.is_none()
        && later.identified.is_none()
        && later.times.uptime.before >= earlier.times.uptime.after
        && Table::ALL.into_iter().all(|table| earlier.covers(table) == later.covers(table))
        && same_rows_grown(&earlier.counters, &later.counters)
        && same_owned_grown(earlier, later, |snapshot| &snapshot.logins)
        && same_owned_grown(earlier, later, |snapshot| &snapshot.hosts)
        && same_standing_grown(earlier, later)
}

/// Of what may be passed by each reading tells.
fn same_standing_grown(earlier: &Snapshot, later: &Snapshot) -> bool {
    earlier.standing.len() == later.standing.len()
        && earlier.standing.iter().zip(&later.standing).all(|(old, new)| {
            old.table == new.table && old.passed_by == new.passed_by && same_rows_grown(&old.rows, &new.rows)
        })
}

fn same_rows_grown(earlier: &CounterRows, later: &CounterRows) -> bool {
    earlier.len() == later.len()
        && earlier.rows().zip(later.rows()).all(|(old, new)| {
            old.handle == new.handle && old.name == new.name && new.octets.grown_since(old.octets).is_some()
        })
}

/// A table without a row says no more than one that was not read.
fn same_owned_grown(
    earlier: &Snapshot,
    later: &Snapshot,
    table: impl Fn(&Snapshot) -> &Option<OwnedRows>,
) -> bool {
    let shown = |snapshot| table(snapshot).as_ref().filter(|rows| !rows.is_empty());
    match (shown(earlier), shown(later)) {
        (None, None) => true,
        (Some(old), Some(new)) => {
            same_rows_grown(old.counters(), new.counters())
                && old.rows().zip(new.rows()).all(|(old, new)| {
                    let start = new.start(later.times.uptime).compared_to(old.start(earlier.times.uptime));
                    old.login == new.login && start == StartMove::Same
                })
        }
        _ => false,
    }
}
