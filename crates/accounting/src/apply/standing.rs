//! Counters that an enrolment gives to somebody. Within a boot a counter is told by its id alone, so that a rename keeps
//! the baseline; a counter not known yet is told by the name that is enrolled (DESIGN rules 1, 2 and 8). What stands in
//! for a session is the time it is counted.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::continuity::Continuity;
use crate::ledger::{Reason, Unseen};
use crate::login::LoginName;
use crate::plan::Plan;
use crate::snapshot::{CounterRow, OwnerSession, Service, StandingRows};
use crate::text::Text;

use super::round::Round;

/// What passed a counter by, or was never shown.
const UNBOUNDED: Unseen = Unseen { micros: None, upper_octets: None };

impl Round<'_> {
    /// Takes the rows of enrolled counters: known ones first, for a name that one of them had may be another's now.
    pub(super) fn take_standing(&mut self, plan: &Plan) {
        self.release_unenrolled();
        let snapshot = self.snapshot;
        for (print, slots) in snapshot.standing.iter().zip(&plan.standing) {
            let mut left = Vec::new();
            for (row, slot) in print.rows.rows().zip(slots) {
                match slot.map(|slot| slot as usize).filter(|slot| self.is_still(*slot, &row)) {
                    Some(slot) => self.go_on_standing(slot, row, print.passed_by),
                    None => left.push(row),
                }
            }
            self.take_enrolled(print, left);
        }
    }

    /// Ends what is counted for nobody any more. Whoever enrols such a counter later begins anew.
    fn release_unenrolled(&mut self) {
        let enrolled: FxHashSet<&LoginName> = self.state.enrolled.iter().map(|one| &one.login).collect();
        let is_released = |counter: &crate::counter::Counter| {
            counter.table().is_standing() && !counter.gone && {
                let session = counter.session.as_ref();
                session.is_none_or(|session| !enrolled.contains(&self.state.roster.login_name(session.login)))
            }
        };
        let counters = self.state.counters.iter().enumerate();
        let released: Vec<usize> =
            counters.filter(|(_, one)| is_released(one)).map(|(slot, _)| slot).collect();
        for slot in released {
            let (from, _) = self.since_last_read(slot);
            self.end_session(slot, None, from, None);
            self.counter(slot).released = true;
            self.bury(slot);
        }
    }

    /// True when the row is that of the known counter with its id. Under another name it is after a rename, unless a reboot
    /// may have gone unnoticed since: then the id may be another counter's.
    fn is_still(&self, slot: usize, row: &CounterRow<'_>) -> bool {
        let counter = &self.state.counters[slot];
        let same_boot = self.continuity != Continuity::Assumed && !self.is_doubtful(slot);
        !counter.gone && (*counter.name == *row.name || same_boot)
    }

    fn go_on_standing(&mut self, slot: usize, row: CounterRow<'_>, passed_by: bool) {
        if *self.state.counters[slot].name != *row.name {
            self.rename(slot, row.name);
        }
        let was_passed_by = std::mem::replace(&mut self.counter(slot).passed_by, passed_by);
        if was_passed_by != passed_by {
            self.changed(slot);
        }
        if !(was_passed_by || passed_by) {
            return self.advance(slot, row.octets, true);
        }
        if row.octets == self.state.counters[slot].octets && self.tells_of_passing_by(slot) {
            self.mark_present(slot);
        } else {
            self.advance_as(slot, row.octets, true, Some(UNBOUNDED), Reason::Undercounted);
        }
    }

    /// The counter is called otherwise from now on; the login is not.
    fn rename(&mut self, slot: usize, name: &[u8]) {
        self.counter(slot).name = name.into();
        self.changed(slot);
        let Some(session) = &self.state.counters[slot].session else { return };
        let login = self.state.roster.login_name(session.login);
        self.changes.renamed.push((self.state.roster.get(session.login).id, name.into()));
        let table = self.state.counters[slot].table();
        let enrolled = self.state.enrolled.iter_mut().find(|one| one.table == table && one.login == login);
        if let Some(enrolled) = enrolled {
            enrolled.name = name.into();
        }
    }

    /// Rows that are no known counter's, by the names that are enrolled.
    fn take_enrolled(&mut self, print: &StandingRows, left: Vec<CounterRow<'_>>) {
        if left.is_empty() {
            return;
        }
        let of_table = self.state.enrolled.iter().enumerate().filter(|(_, one)| one.table == print.table);
        let by_name: FxHashMap<Box<[u8]>, usize> =
            of_table.map(|(index, one)| (one.name.clone(), index)).collect();
        for row in left {
            let Some(&index) = by_name.get(row.name) else { continue };
            match self.returning_standing(&row, index) {
                Some(slot) => self.go_on_standing(slot, row, print.passed_by),
                None => self.first_sight_of_enrolled(row, index, print.passed_by),
            }
        }
    }

    /// A counter believed gone is there again (rule 7).
    fn returning_standing(&mut self, row: &CounterRow<'_>, index: usize) -> Option<usize> {
        let login = &self.state.enrolled[index].login.name;
        let is_it = |gone: &crate::changes::CounterRecord| {
            let known = gone.session.as_ref().map(|session| &session.login_name);
            gone.handle == row.handle && known == Some(login)
        };
        let place = self.state.returning.iter().position(is_it)?;
        let gone = self.state.returning.swap_remove(place);
        self.bring_back(gone)
    }

    fn first_sight_of_enrolled(&mut self, row: CounterRow<'_>, index: usize, passed_by: bool) {
        let enrolled = self.state.enrolled[index].clone();
        let shown = OwnerSession {
            login: Text::from(&*enrolled.login.name),
            service: Service::StaticIp,
            acct_session_id: None,
            session_time_s: None,
            calling_station_id: Text::default(),
            framed_address: Text::default(),
        };
        let slot = self.new_counter(row, true);
        let opened = self.open_session(&shown);
        self.counter(slot).session = opened;
        let boot = self.state.record.boot;
        let counted_in = self.state.enrolled[index].counted_in.replace(boot);
        if self.was_enrolled(enrolled.table, row.name) {
            self.post_whole(slot, row.octets, Some(&shown), false);
        } else {
            let unseen = match counted_in {
                // Nothing tells what passed in a boot that never showed it.
                Some(last) if last + 1 < boot => Some(UNBOUNDED),
                Some(_) => self.unseen_before_first_sight(slot, row.octets, false),
                None => None,
            };
            self.post_baseline(slot, row.octets, unseen);
        }
        if passed_by {
            self.counter(slot).passed_by = true;
            self.advance_as(slot, row.octets, true, Some(UNBOUNDED), Reason::Undercounted);
        }
    }
}
