//! What a session moved after its last reading, where the router's own sum for its user tells it (rule 9). The sum is
//! read before the logins in the same round: whoever moved what it shows was there to be shown, or is over.

use rustc_hash::FxHashMap;

use crate::bound::less;
use crate::continuity::Continuity;
use crate::ledger::{Reason, Unseen};
use crate::octets::Octets;
use crate::snapshot::{CounterRow, OwnedRow, SumRows};
use crate::sums::{Followed, LOOKS_TO_BELIEVE, Stands, User, folded};
use crate::table::Table;
use crate::time::{RoundTimes, StartInterval};

use super::posting::Posting;
use super::round::Round;

/// The sessions of one user that are not over.
#[derive(Clone, Copy)]
enum Present {
    One(usize),
    Several,
}

/// What a sum told of the end of a session.
struct Told {
    sum: Octets,
    delta: Octets,
    /// What may be missing from it all the same.
    unseen: Option<Unseen>,
}

impl Round<'_> {
    /// Follows the sums beside the sessions; the logins were taken already.
    pub(super) fn take_sums(&mut self) {
        if self.continuity != Continuity::Proven {
            self.state.sums.users.clear();
        }
        self.note_leap();
        if self.snapshot.logins.is_none() {
            return;
        }
        let read = self.snapshot.sums.as_ref();
        self.state.sums.note_look(read, self.open_before[Table::HotspotActive.index()] > 0);
        if !self.state.sums.is_of_use() {
            self.state.sums.users.clear();
            return;
        }
        if read.is_none() && self.state.sums.users.is_empty() {
            return;
        }
        let present = self.users_present();
        self.follow_sessions(&present);
        if let Some(read) = read {
            self.compare_sums(read, &present);
        }
        self.note_active(&present);
    }

    fn note_leap(&mut self) {
        let leapt_s = self.leapt_s();
        if leapt_s > 0 {
            self.state.sums.leap(leapt_s);
            self.state.record.told_until = self.state.record.told_until.map(|until| until + leapt_s);
        }
    }

    fn users_present(&self) -> FxHashMap<Box<[u8]>, Present> {
        let mut present = FxHashMap::default();
        for (slot, counter) in self.state.counters.iter().enumerate() {
            let Some(session) = counter.session.as_ref().filter(|_| !counter.gone) else { continue };
            if counter.table() == Table::HotspotActive {
                let user = folded(self.state.roster.name(session.login));
                present.entry(user).and_modify(|one| *one = Present::Several).or_insert(Present::One(slot));
            }
        }
        present
    }

    /// A session that began after its user's sum was read, as the user's only one, is followed for as long as it is that.
    fn follow_sessions(&mut self, present: &FxHashMap<Box<[u8]>, Present>) {
        let mut users = std::mem::take(&mut self.state.sums.users);
        for (name, user) in &mut users {
            let next = match (&user.stands, present.get(name)) {
                (Stands::Away { .. }, None) => continue,
                (Stands::Away { base, read_by }, Some(Present::One(slot))) => {
                    self.begins(*slot, user, *read_by).map(|session| Followed::new(session, *base))
                }
                (Stands::Followed(known), Some(Present::One(slot)))
                    if self.session_no(*slot) == Some(known.session) =>
                {
                    continue;
                }
                _ => None,
            };
            user.stands = next.map_or(Stands::Unknown, Stands::Followed);
        }
        self.state.sums.users = users;
    }

    fn session_no(&self, slot: usize) -> Option<u64> {
        self.state.counters[slot].session.as_ref().map(|session| session.no)
    }

    /// The session in `slot`, if it is that user's and surely began after that second of uptime.
    fn begins(&self, slot: usize, user: &User, read_by: u64) -> Option<u64> {
        let session = self.state.counters[slot].session.as_ref()?;
        let read_by = i64::try_from(read_by).unwrap_or(i64::MAX);
        let began_since = session.start.is_some_and(|start| start.earliest > read_by);
        (began_since && self.state.roster.name(session.login) == &*user.name).then_some(session.no)
    }

    fn compare_sums(&mut self, read: &SumRows, present: &FxHashMap<Box<[u8]>, Present>) {
        let seq = self.seq();
        for row in read.rows.rows() {
            let name = folded(row.name);
            self.meet(&name, &row);
            match present.get(&name) {
                None => self.note_away(&name, row.octets),
                Some(Present::One(slot)) => self.compare_sum(&name, row.octets, *slot),
                Some(Present::Several) => {}
            }
        }
        if read.whole {
            self.state.sums.users.retain(|_, user| user.seen_in == seq);
        }
    }

    /// The sum of a user is there; one made anew is another, and of two with one name each is another every time.
    fn meet(&mut self, name: &[u8], row: &CounterRow<'_>) {
        let seq = self.seq();
        let new =
            || User { handle: row.handle, name: row.name.into(), seen_in: seq, stands: Stands::Unknown };
        let user = self.state.sums.users.entry(name.into()).or_insert_with(new);
        if user.handle != row.handle || *user.name != *row.name {
            *user = new();
        }
        user.seen_in = seq;
    }

    fn note_away(&mut self, name: &[u8], base: Octets) {
        let read_by = self.snapshot.times.uptime.after;
        if let Some(user) = self.state.sums.users.get_mut(name) {
            user.stands = Stands::Away { base, read_by };
        }
    }

    fn compare_sum(&mut self, name: &[u8], sum: Octets, slot: usize) {
        let seq = self.seq();
        let counter = &self.state.counters[slot];
        if counter.seen_in == seq {
            let now = counter.octets;
            return self.state.sums.compare(name, sum, now);
        }
        let user = self.state.sums.users.get_mut(name);
        if let Some(Stands::Followed(followed)) = user.map(|user| &mut user.stands) {
            followed.last = Some((seq, sum));
        }
    }

    fn note_active(&mut self, present: &FxHashMap<Box<[u8]>, Present>) {
        let seq = self.seq();
        for (name, user) in &mut self.state.sums.users {
            if let (Stands::Followed(followed), Some(Present::One(slot))) =
                (&mut user.stands, present.get(name))
                && self.state.counters[*slot].seen_in == seq
            {
                followed.active = self.state.counters[*slot].octets;
            }
        }
    }

    /// Counts what the user's sum says that a session moved after its last reading. Answers what is unseen of it where
    /// nothing said so yet.
    pub(super) fn count_tail(&mut self, slot: usize, from: RoundTimes, unseen: Unseen) -> Option<Unseen> {
        let Some(told) = self.told(slot, unseen) else { return Some(unseen) };
        if told.delta.is_zero() && told.unseen.is_some() {
            return told.unseen;
        }
        let unseen = told.unseen;
        let before = self.state.counters[slot].octets;
        let after = before + told.delta;
        if !told.delta.is_zero() {
            self.set_octets(slot, after);
        }
        let (reason, delta) = (Reason::Tail, told.delta);
        self.post(slot, Posting { reason, delta, before, after, from, seconds: None, unseen });
        self.remember_told(slot, told.sum);
        None
    }

    fn remember_told(&mut self, slot: usize, sum: Octets) {
        let until = self.snapshot.times.uptime.after;
        if let Some(session) = &self.state.counters[slot].session {
            self.state.sums.tell(self.state.roster.name(session.login), sum, until);
            self.state.record.told_until = Some(until);
        }
    }

    fn told(&self, slot: usize, unseen: Unseen) -> Option<Told> {
        let counter = &self.state.counters[slot];
        let session = counter.session.as_ref().filter(|_| counter.table() == Table::HotspotActive)?;
        let followed = self.state.sums.followed(self.state.roster.name(session.login), session.no)?;
        let (seq, sum) = followed.last?;
        if seq != self.seq() || followed.looks < LOOKS_TO_BELIEVE || counter.before_held.is_some() {
            return None;
        }
        let delta = sum.grown_since(followed.base + counter.octets)?;
        let seconds = self.since_last_read(slot).1?;
        if self.state.link.is_impossible(delta, Some(seconds)) {
            return None;
        }
        Some(Told { sum, delta, unseen: self.unseen_beside(followed, delta, seconds, unseen) })
    }

    /// A reset of the sum since the latest look at it that nothing shows was overtaken since: the user moved as much as
    /// the sum showed then, and `delta` besides. Where the link cannot have carried that, there was none.
    fn unseen_beside(
        &self,
        followed: &Followed,
        delta: Octets,
        seconds: u64,
        unseen: Unseen,
    ) -> Option<Unseen> {
        let overtakes = followed.latest.both().saturating_add(delta.both());
        let most = self.state.link.upper_octets(seconds);
        let rest = less(unseen, delta);
        let rest = if most.is_some_and(|most| most < overtakes) {
            let upper = rest.upper_octets.map_or(followed.short_by, |upper| upper.min(followed.short_by));
            Unseen { upper_octets: Some(upper), ..rest }
        } else {
            rest
        };
        Some(rest).filter(|rest| rest.upper_octets != Some(0))
    }

    /// True when a session that shows up now may have moved what its user's sum told before.
    pub(super) fn may_be_told(&self, login: &[u8], start: StartInterval) -> bool {
        self.state.sums.may_have_told(login, start.earliest)
    }

    /// The session in `slot` is not followed any more.
    pub(super) fn leave_sum(&mut self, slot: usize) {
        if let Some(session) = &self.state.counters[slot].session {
            self.state.sums.leave(self.state.roster.name(session.login), session.no);
        }
    }

    /// [`Self::may_be_told`] of a row.
    pub(super) fn is_told(&self, row: &OwnedRow<'_>) -> bool {
        Table::of(row.counter.handle) == Table::HotspotActive
            && self.may_be_told(row.login, self.start_of_row(row))
    }
}
