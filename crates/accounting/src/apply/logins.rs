//! Rows that name their owners themselves: the logins of a hotspot. A row has no session-id, and its id may be made from
//! the device's address, so it is neither its session's for life nor its session's alone. Whose row it is, login, device
//! and start say together (DESIGN rules 4 and 5).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::bound::less;
use crate::counter::Counter;
use crate::ledger::Unseen;
use crate::octets::Octets;
use crate::plan::Plan;
use crate::snapshot::{OwnedRow, OwnedRows, Owner, OwnerSession, Service};
use crate::table::Table;
use crate::time::StartMove;

use super::round::Round;

/// What two clocks of one router may differ by within a round (routeros.md §2.7 gives whole seconds).
const CLOCKS_APART_S: u64 = 3;

impl Round<'_> {
    /// Takes every row once: those whose session had their id before, those whose session had another id, and those of
    /// sessions that no print showed lately.
    pub(super) fn take_logins(&mut self, plan: &Plan) {
        let snapshot = self.snapshot;
        let Some(rows) = &snapshot.logins else { return };
        self.take_owned(Table::HotspotActive, rows, &plan.logins, &FxHashSet::default());
    }

    /// The same of any table whose rows name their owners; those of the indices `but` are not taken.
    pub(super) fn take_owned(
        &mut self,
        table: Table,
        rows: &OwnedRows,
        slots: &[Option<u32>],
        but: &FxHashSet<usize>,
    ) {
        self.make_room(rows.len().saturating_sub(slots.iter().flatten().count()));
        let mut left = Vec::new();
        for (index, (row, slot)) in rows.rows().zip(slots).enumerate() {
            if but.contains(&index) {
                continue;
            }
            match slot.map(|slot| slot as usize) {
                Some(slot)
                    if self.is_login_of(&self.state.counters[slot], &row) || self.was_there(slot, &row) =>
                {
                    self.go_on(slot, &row);
                }
                Some(slot) if self.was_renamed(slot, &row) => self.rename_user(slot, &row),
                _ => left.push(index),
            }
        }
        let left = self.take_moved(table, rows, left);
        left.into_iter().filter_map(|index| rows.row(index)).for_each(|row| self.take_login(&row));
    }

    /// True when the row is that of the counter's session.
    fn is_login_of(&self, counter: &Counter, row: &OwnedRow<'_>) -> bool {
        let Some(known) = &counter.session else { return false };
        let start = self.start_of_row(row);
        self.state.roster.name(known.login) == row.login
            && known.start.is_some_and(|known| start.compared_to(known) == StartMove::Same)
    }

    /// A session of this device and login that is older than the last look at its row was there then, wherever the
    /// clocks of ages and uptime put its start.
    fn was_there(&self, slot: usize, row: &OwnedRow<'_>) -> bool {
        let known = self.state.counters[slot].session.as_ref();
        known.is_some_and(|known| self.state.roster.name(known.login) == row.login)
            && self.is_older_than_the_last_look(slot, row)
    }

    /// The row of a device that is older than the last look at it, which showed another user: one device has one login, so
    /// its user was renamed meanwhile.
    fn was_renamed(&self, slot: usize, row: &OwnedRow<'_>) -> bool {
        let counter = &self.state.counters[slot];
        let known = counter.session.as_ref();
        known.is_some_and(|known| self.state.roster.name(known.login) != row.login)
            && row.counter.octets.grown_since(counter.octets).is_some()
            && self.is_older_than_the_last_look(slot, row)
    }

    fn is_older_than_the_last_look(&self, slot: usize, row: &OwnedRow<'_>) -> bool {
        *self.state.counters[slot].name == *row.counter.name
            && self
                .fewest_since_last_read(slot)
                .is_some_and(|most| row.session_time_s > most + CLOCKS_APART_S)
    }

    /// The session goes on under another name: what was counted stays with the one before.
    fn rename_user(&mut self, slot: usize, row: &OwnedRow<'_>) {
        let Some(shown) = owner(row).session else { return };
        self.go_on_as(slot, &shown);
        self.advance_with(slot, row.counter.octets, true, None);
    }

    /// Rows of sessions that the print shows under another id than before. Answers the rows of others.
    fn take_moved(&mut self, table: Table, rows: &OwnedRows, left: Vec<usize>) -> Vec<usize> {
        if left.is_empty() {
            return left;
        }
        let mut unseen = self.unseen_of(table);
        let mut others = Vec::new();
        for index in left {
            let Some(row) = rows.row(index) else { continue };
            let of_device = unseen.get_mut(row.counter.name);
            let place = of_device.as_ref().and_then(|slots| {
                slots.iter().position(|slot| self.is_login_of(&self.state.counters[*slot], &row))
            });
            match of_device.zip(place).map(|(slots, place)| slots.swap_remove(place)) {
                Some(slot) => {
                    self.state.give_handle(slot, row.counter.handle);
                    self.changed(slot);
                    self.go_on(slot, &row);
                }
                None => others.push(index),
            }
        }
        others
    }

    /// Counters of logins that this print did not show yet, by device.
    fn unseen_of(&self, table: Table) -> FxHashMap<Box<[u8]>, Vec<usize>> {
        let seq = self.seq();
        let mut unseen: FxHashMap<Box<[u8]>, Vec<usize>> = FxHashMap::default();
        for (slot, counter) in self.state.counters.iter().enumerate() {
            if counter.table() == table && !counter.gone && counter.seen_in != seq {
                unseen.entry(counter.name.clone()).or_default().push(slot);
            }
        }
        unseen
    }

    /// A session that no print showed lately. Whatever had the row's id before is missing and not over: it may have
    /// moved on to an id that this print left out.
    fn take_login(&mut self, row: &OwnedRow<'_>) {
        match self.returning_login(row) {
            Some(slot) if self.is_told(row) => self.begin_again(slot, row),
            Some(slot) => self.go_on(slot, row),
            None => drop(self.first_sight(row.counter, &owner(row))),
        }
    }

    /// A login believed gone shows up again (rule 7).
    fn returning_login(&mut self, row: &OwnedRow<'_>) -> Option<usize> {
        let returning = &self.state.returning;
        let index = returning.iter().position(|gone| {
            let start = gone.session.as_ref().and_then(|session| Some((&session.login_name, session.start?)));
            Table::of(gone.handle) == Table::of(row.counter.handle)
                && *gone.name == *row.counter.name
                && start.is_some_and(|(login, start)| {
                    **login == *row.login && self.start_of_row(row).compared_to(start) == StartMove::Same
                })
        })?;
        let mut gone = self.state.returning.swap_remove(index);
        gone.handle = row.counter.handle;
        self.bring_back(gone)
    }

    /// The session went on, or one that looks like it took its place: then the start to compare with is the later one's.
    fn go_on(&mut self, slot: usize, row: &OwnedRow<'_>) {
        if self.may_have_been_held_up(slot) {
            return self.begin_again(slot, row);
        }
        let in_doubt = self.may_have_begun_unread(slot, row);
        let doubt = if in_doubt { self.unseen_of_login_before(slot, row) } else { None };
        self.advance_with(slot, row.counter.octets, true, doubt);
        self.follow_start(slot, row.start(self.snapshot.times.uptime));
        if in_doubt {
            let start = row.start(self.snapshot.times.uptime);
            if let Some(session) = &mut self.counter(slot).session {
                session.start = Some(start);
            }
            self.changed(slot);
        }
    }

    /// True when the session shown may have begun after the last reading.
    fn may_have_begun_unread(&self, slot: usize, row: &OwnedRow<'_>) -> bool {
        row.start(self.snapshot.times.uptime).latest >= self.read_from(slot)
    }

    /// The second of uptime before which the last reading was not taken.
    fn read_from(&self, slot: usize) -> i64 {
        i64::try_from(self.last_read(slot).uptime.before).unwrap_or(i64::MAX)
    }

    /// A device that logs in again within seconds looks as if it had never been away: the same login, the same start
    /// within the slack and, where ids come from addresses, the same id. Then the one before it ended by the latest begin
    /// of the one shown.
    fn unseen_of_login_before(&self, slot: usize, row: &OwnedRow<'_>) -> Option<Unseen> {
        let begun_by = row.start(self.snapshot.times.uptime).latest;
        let before = self.state.counters[slot].octets;
        let delta = row.counter.octets.grown_since(before).unwrap_or(Octets::ZERO);
        let (_, seconds) = self.since_last_read(slot);
        let link = self.state.link;
        let until_begin = link.upper_octets(begun_by.abs_diff(self.read_from(slot)) + 1);
        let most = until_begin.map(|octets| octets.saturating_add(before.both()));
        let unseen = less(link.unseen(seconds), delta);
        let upper_octets = unseen.upper_octets.zip(most).map(|(one, other)| one.min(other));
        Some(Unseen { upper_octets: upper_octets.or(most), ..unseen })
            .filter(|unseen| unseen.upper_octets != Some(0))
    }
}

fn owner(row: &OwnedRow<'_>) -> Owner {
    let mac = row.counter.name;
    Owner {
        counter_name: mac.into(),
        permanent: false,
        session: Some(OwnerSession {
            login: row.login.into(),
            service: Service::Hotspot,
            acct_session_id: None,
            session_time_s: Some(row.session_time_s),
            calling_station_id: mac.into(),
            framed_address: row.address.into(),
        }),
    }
}
