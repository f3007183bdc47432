//! A row that is no known counter: one that came back, one whose owner the tables name, or an orphan (rules 2 and 6).

use crate::bound::capped;
use crate::changes::CounterRecord;
use crate::continuity::Continuity;
use crate::counter::{Counter, Identity, Session, Watch};
use crate::ledger::{Reason, Unseen};
use crate::octets::Octets;
use crate::snapshot::{CounterRow, Owner, OwnerSession};
use crate::state::Orphan;
use crate::table::Table;
use crate::time::RoundTimes;

use super::posting::Posting;
use super::round::{ReadAt, Round};

/// Rounds an unnamed counter waits for its owner before it is shown as unattributed (rule 6).
pub(super) const ORPHAN_ROUNDS: u32 = 2;

impl Round<'_> {
    /// `before`: what the print before the owner tables showed, where it showed the same row as the one after them.
    pub(super) fn take_unknown(&mut self, row: CounterRow<'_>, before: Option<Octets>) {
        match self.owners.find(row.name).zip(before) {
            Some((owner, _)) if self.came_back(&row, owner) => {}
            Some((owner, before)) if self.follow_renamed(&row, before, owner) => {}
            Some((owner, before)) if row.octets.grown_since(before).is_none() => {
                let slot = self.first_sight(CounterRow { octets: before, ..row }, owner);
                self.advance(slot, row.octets, true);
            }
            Some((owner, _)) => {
                self.first_sight(row, owner);
            }
            None => self.orphan(row, before),
        }
    }

    /// A counter believed gone shows up again: it resumes from its baseline (rule 7).
    fn came_back(&mut self, row: &CounterRow<'_>, owner: &Owner) -> bool {
        let Some(slot) = self.take_returning(row, owner).and_then(|gone| self.bring_back(gone)) else {
            return false;
        };
        self.take_known(slot, *row, ReadAt::AfterOwners);
        true
    }

    /// Takes a counter believed gone into memory again; `None` when its login was not supplied.
    pub(super) fn bring_back(&mut self, gone: CounterRecord) -> Option<usize> {
        let mut counter = Counter::from_record(gone, &self.state.record, &self.state.roster)?;
        counter.gone = false;
        if let Some(session) = &counter.session {
            // Its login may have been bound while nobody had it in memory.
            let login = self.state.roster.get(session.login).id;
            self.state.rebound_sessions.push((session.no, login));
        }
        let slot = self.state.insert(counter);
        self.changed(slot);
        Some(slot)
    }

    /// The gone counter of that id, name and session; ids of a boot may have served several sessions.
    fn take_returning(&mut self, row: &CounterRow<'_>, owner: &Owner) -> Option<CounterRecord> {
        let shown = owner.session.as_ref();
        let same_session =
            |gone: &CounterRecord| match (Session::from_record(gone, &self.state.roster), shown) {
                (Some(known), Some(shown)) => {
                    matches!(known.compared_to(shown, self.start_of(shown)), Identity::Same { .. })
                }
                _ => gone.permanent,
            };
        let index =
            self.state.returning.iter().position(|gone| {
                gone.handle == row.handle && *gone.name == *row.name && same_session(gone)
            })?;
        Some(self.state.returning.swap_remove(index))
    }

    pub(super) fn first_sight(&mut self, row: CounterRow<'_>, owner: &Owner) -> usize {
        let session = owner.session.as_ref();
        let dropped = self.dropped_while_orphan(&row);
        let slot = self.new_counter(row, owner.permanent);
        if self.state.counters[slot].table() == Table::Interface {
            self.owners.note_counter(row.name);
        }
        if owner.permanent {
            let from = self.snapshot.times;
            let watch = Watch { from, counted: Some(Octets::ZERO), settled: Some(true) };
            self.counter(slot).watch = Some(Box::new(watch));
        }
        if let Some(shown) = session {
            let opened = self.open_session(shown);
            self.counter(slot).session = opened;
        }
        if self.counts_whole(slot, owner) {
            self.post_whole(slot, row.octets, session, dropped);
        } else if session.is_some() {
            let unseen = self.unseen_before_first_sight(slot, row.octets, dropped);
            self.post_baseline(slot, row.octets, unseen);
        }
        slot
    }

    pub(super) fn new_counter(&mut self, row: CounterRow<'_>, permanent: bool) -> usize {
        let mut counter = Counter::new(self.state.next_no(), row, permanent);
        counter.seen_in = self.seq();
        let slot = self.state.insert(counter);
        self.new_slots.push(slot);
        slot
    }

    /// Rule 2: the whole value counts if all of it is younger than our coverage of this table.
    fn counts_whole(&self, slot: usize, owner: &Owner) -> bool {
        let table = self.state.counters[slot].table();
        if owner.permanent {
            return self.was_enrolled(table, &owner.counter_name);
        }
        let Some(coverage) = self.state.record.coverage_start.of(table) else { return false };
        if table == Table::HotspotHost {
            return self.began_since_last_round(owner);
        }
        if self.is_told_already(table, owner) {
            return false;
        }
        let boot_is_younger = self.state.record.boot > coverage.boot;
        let start = owner.session.as_ref().and_then(|session| self.start_of(session));
        let covered_from = i64::try_from(coverage.uptime_s).unwrap_or(i64::MAX);
        let outlived_the_boot = start.is_some_and(|start| start.latest < 0);
        boot_is_younger && !outlived_the_boot || start.is_some_and(|start| start.earliest > covered_from)
    }

    /// True when a sum may have told what a login moved before its first sight.
    fn is_told_already(&self, table: Table, owner: &Owner) -> bool {
        let session = owner.session.as_ref().filter(|_| table == Table::HotspotActive);
        session.is_some_and(|session| {
            self.start_of(session).is_some_and(|start| self.may_be_told(&session.login, start))
        })
    }

    /// True when a permanent counter of that name was there before a reboot, and its table was read before that.
    pub(super) fn was_enrolled(&self, table: Table, name: &[u8]) -> bool {
        let coverage = self.state.record.coverage_start.of(table);
        coverage.is_some_and(|coverage| self.state.record.boot > coverage.boot)
            && self.enrolled.contains(&(table, name.into()))
    }

    /// True when the row showed more than this while nobody knew whose it was, or may have and a restart forgot it: it
    /// was reset, and its value hides what went before.
    fn dropped_while_orphan(&self, row: &CounterRow<'_>) -> bool {
        if Table::of(row.handle) != Table::Interface {
            return false;
        }
        let orphan = self.state.orphans.get(&row.handle).filter(|orphan| *orphan.name == *row.name);
        self.state.restored_glimpses.contains(row.name)
            || orphan.is_some_and(|orphan| orphan.dropped || row.octets.grown_since(orphan.octets).is_none())
    }

    /// What an orphan showed is remembered while its row is there or the tables tell of its session.
    pub(super) fn forget_orphans(&mut self) {
        let seq = self.seq();
        let mut orphans = std::mem::take(&mut self.state.orphans);
        orphans.retain(|_, orphan| orphan.seen_in == seq || self.is_glimpsed(&orphan.name));
        self.state.orphans = orphans;
        let mut restored = std::mem::take(&mut self.state.restored_glimpses);
        restored.retain(|name| self.is_glimpsed(name));
        self.state.restored_glimpses = restored;
    }

    pub(super) fn post_whole(
        &mut self,
        slot: usize,
        octets: Octets,
        session: Option<&OwnerSession>,
        dropped: bool,
    ) {
        let rebooted = self.continuity.is_new_boot();
        let permanent = self.state.counters[slot].permanent;
        let lived = session.filter(|_| !permanent).and_then(|session| self.life_of(session));
        let seconds = lived.unwrap_or(self.snapshot.times.uptime.after + 1);
        self.post(
            slot,
            Posting {
                reason: if rebooted { Reason::RouterReboot } else { Reason::SessionStart },
                delta: octets,
                before: Octets::ZERO,
                after: octets,
                from: RoundTimes::label(self.at().minus_seconds(seconds)),
                seconds: Some(seconds),
                unseen: dropped.then(|| self.state.link.unseen(Some(seconds))),
            },
        );
    }

    pub(super) fn post_baseline(&mut self, slot: usize, octets: Octets, unseen: Option<Unseen>) {
        self.post(
            slot,
            Posting {
                reason: Reason::Baseline,
                delta: Octets::ZERO,
                before: octets,
                after: octets,
                from: self.snapshot.times,
                seconds: None,
                unseen,
            },
        );
    }

    /// What a counter may have counted between the beginning of our coverage and its first sight; nothing where
    /// coverage begins with this very round. In a boot that may not be the one covered, only its value bounds it. (That
    /// a binding at zero may have started over a moment ago is told when its session ends.)
    pub(super) fn unseen_before_first_sight(
        &self,
        slot: usize,
        value: Octets,
        dropped: bool,
    ) -> Option<Unseen> {
        let coverage = self.state.record.coverage_start.of(self.state.counters[slot].table())?;
        let covered_from = if coverage.boot == self.state.record.boot { coverage.uptime_s } else { 0 };
        let covered = self.snapshot.times.uptime.after.saturating_sub(covered_from) + 1;
        let seconds = match self.continuity {
            Continuity::SetBack => self.seconds_since_last,
            _ => Some(covered).filter(|_| !self.state.record.boot_doubtful),
        };
        let unseen = self.state.link.unseen(seconds);
        if dropped {
            return Some(unseen);
        }
        Some(capped(unseen, value)).filter(|_| !value.is_zero())
    }

    fn orphan(&mut self, row: CounterRow<'_>, before: Option<Octets>) {
        self.owners.note_row(row.name);
        let (seq, lacked_under) = (self.seq(), self.state.last_bindings);
        let first = || {
            let dropped = self.state.restored_glimpses.contains(row.name);
            Orphan {
                name: row.name.into(),
                rounds: 0,
                seen_in: 0,
                octets: Octets::ZERO,
                dropped,
                lacked_under,
            }
        };
        let orphan = self.state.orphans.entry(row.handle).or_insert_with(first);
        if *orphan.name != *row.name {
            *orphan = first();
        }
        orphan.rounds += u32::from(orphan.seen_in != seq);
        orphan.seen_in = seq;
        let values = [Some(orphan.octets), before, Some(row.octets)];
        let mut moves = values.iter().flatten().zip(values.iter().flatten().skip(1));
        orphan.dropped |= moves.any(|(earlier, later)| later.grown_since(*earlier).is_none());
        orphan.octets = row.octets;
        let dropped = orphan.dropped;
        if orphan.rounds > ORPHAN_ROUNDS {
            self.state.orphans.remove(&row.handle);
            let slot = self.new_counter(row, false);
            self.counter(slot).hides = dropped;
            let unseen = self.unseen_before_first_sight(slot, row.octets, dropped);
            self.post_baseline(slot, row.octets, unseen);
        }
    }
}
