//! Sessions that the tables showed while no counter of theirs could be read: born or gone within a round, left out of a
//! print, shown by only one of the tables that name owners, or by `listen` before it broke off. Most are read in the next
//! round; one that is gone by then has an entry with a bound (rule 9).

use rustc_hash::FxHashMap;

use crate::changes::Glimpse;
use crate::counter::{Counter, Identity, identity};
use crate::snapshot::{Owner, OwnerSession};
use crate::table::Table;

use super::round::Round;

impl Round<'_> {
    pub(super) fn note_glimpses(&mut self) {
        let snapshot = self.snapshot;
        let Some(identified) = snapshot.identified.as_ref() else { return };
        let mut shown: Vec<Glimpse> =
            self.owners.without_counter().map(|(o, s)| self.glimpse(o, s)).collect();
        let half_seen =
            identified.half_seen.iter().filter_map(|owner| Some((owner, owner.session.as_ref()?)));
        let half_seen = half_seen.map(|(owner, session)| self.glimpse(owner, session)).collect();
        shown.append(&mut self.not_counted(half_seen, is_counted_now));
        let glimpses = self.glimpsed_before();
        let glimpses = self.not_counted(glimpses, is_counted);
        self.settle_glimpses(glimpses, Shown::of(shown), identified.complete);
    }

    /// Those of earlier rounds, and those that `listen` showed before it broke off.
    fn glimpsed_before(&mut self) -> Vec<Glimpse> {
        let mut glimpses = std::mem::take(&mut self.state.record.glimpses);
        let lost = self.snapshot.lost_sight_of.iter().map(|session| Glimpse {
            counter_name: Box::default(),
            session: session.clone(),
            start: self.start_of(session),
        });
        let mut lost = Shown::of(lost.collect());
        for glimpse in &glimpses {
            lost.take_same(glimpse);
        }
        glimpses.extend(lost.into_rest());
        glimpses
    }

    fn glimpse(&self, owner: &Owner, session: &OwnerSession) -> Glimpse {
        let start = self.start_of(session);
        Glimpse { counter_name: (&*owner.counter_name).into(), session: session.alone(), start }
    }

    /// Those of which no counter is known.
    fn not_counted(
        &self,
        glimpses: Vec<Glimpse>,
        is_counted: fn(&Counter, &Glimpse) -> bool,
    ) -> Vec<Glimpse> {
        if glimpses.is_empty() {
            return glimpses;
        }
        let mut counted = vec![false; glimpses.len()];
        let of_login = by_login(&glimpses);
        for counter in self.state.counters.iter().filter(|counter| counter.table() == Table::Interface) {
            let login = counter.session.as_ref().map(|known| self.state.roster.name(known.login));
            for index in login.and_then(|login| of_login.get(login)).into_iter().flatten() {
                counted[*index] |= is_counted(counter, &glimpses[*index]);
            }
        }
        let left = glimpses.into_iter().zip(counted).filter(|(_, counted)| !counted);
        left.map(|(glimpse, _)| glimpse).collect()
    }

    /// Those that complete tables no longer show are over; those that were shown for the first time are new.
    fn settle_glimpses(&mut self, known: Vec<Glimpse>, mut shown: Shown, complete: bool) {
        let until = self.snapshot.times.uptime.after;
        let mut left = Vec::new();
        for glimpse in known {
            if proves_nothing(&glimpse) {
                self.end_glimpse(glimpse, Some(until));
                continue;
            }
            match shown.take_same(&glimpse) {
                Some(again) => left.push(named(glimpse, again)),
                None if shown.gave_away(&glimpse) => self.end_glimpse(glimpse, Some(until)),
                None if complete && !self.shows_orphan(&glimpse.counter_name) => {
                    self.end_glimpse(glimpse, Some(until));
                }
                None => left.push(glimpse),
            }
        }
        left.extend(shown.into_rest());
        self.state.record.glimpses = left;
    }

    /// A row that waits for its owner was printed in this round: while it is there its session is not over, whatever the
    /// tables lack.
    fn shows_orphan(&self, name: &[u8]) -> bool {
        self.state.orphans.values().any(|orphan| orphan.seen_in == self.seq() && *orphan.name == *name)
    }

    /// The tables showed a session of that counter that is not counted yet.
    pub(super) fn is_glimpsed(&self, name: &[u8]) -> bool {
        self.state.record.glimpses.iter().any(|glimpse| *glimpse.counter_name == *name)
    }

    /// Sessions only glimpsed before a reboot lived until then at most.
    pub(super) fn end_glimpses_by_reboot(&mut self) {
        let until = self.seconds_since_last.map(|seconds| self.last.uptime.after.saturating_add(seconds));
        for glimpse in std::mem::take(&mut self.state.record.glimpses) {
            self.end_glimpse(glimpse, until);
        }
    }

    fn end_glimpse(&mut self, glimpse: Glimpse, until_s: Option<u64>) {
        let seconds = until_s.zip(glimpse.start).and_then(|(until, start)| start.seconds_until(until));
        let session = OwnerSession { session_time_s: seconds, ..glimpse.session };
        let watched = self.watched_until(until_s);
        let unseen = seconds.map(|seconds| watched.map_or(seconds, |watched| seconds.min(watched)));
        self.post_uncounted(&session, unseen);
    }

    /// How long the counters of this boot were watched until that second of uptime; `None` where all of the boot was, or it
    /// may be another one than the one first covered. What a session did before is not ours to account for.
    fn watched_until(&self, until_s: Option<u64>) -> Option<u64> {
        let record = &self.state.record;
        let first = record.coverage_start.of(Table::Interface)?;
        if first.boot != record.boot || record.boot_doubtful {
            return None;
        }
        until_s.map(|until| until.saturating_sub(first.uptime_s) + 1)
    }
}

/// The sessions shown without a counter in this round.
struct Shown {
    glimpses: Vec<Glimpse>,
    /// The same session was glimpsed before.
    taken: Vec<bool>,
    by_counter: FxHashMap<Box<[u8]>, usize>,
    by_login: FxHashMap<Box<[u8]>, Vec<usize>>,
}

impl Shown {
    fn of(glimpses: Vec<Glimpse>) -> Self {
        let named = glimpses.iter().enumerate().filter(|(_, glimpse)| !glimpse.counter_name.is_empty());
        Shown {
            by_counter: named.map(|(index, glimpse)| (glimpse.counter_name.clone(), index)).collect(),
            by_login: by_login(&glimpses).into_iter().map(|(login, all)| (login.into(), all)).collect(),
            taken: vec![false; glimpses.len()],
            glimpses,
        }
    }

    /// The same session as it is shown now, once.
    fn take_same(&mut self, known: &Glimpse) -> Option<Glimpse> {
        let of_counter = self.by_counter.get(&known.counter_name).into_iter();
        let of_login = self.by_login.get(&*known.session.login).into_iter().flatten();
        let index = of_counter.chain(of_login).copied().find(|index| {
            let shown = &self.glimpses[*index];
            let may_be = known.counter_name == shown.counter_name
                || known.counter_name.is_empty()
                || shown.counter_name.is_empty();
            !self.taken[*index] && may_be && is_same(known, shown)
        })?;
        self.taken[index] = true;
        Some(self.glimpses[index].clone())
    }

    /// True when another session is shown for its counter.
    fn gave_away(&self, known: &Glimpse) -> bool {
        self.by_counter.contains_key(&known.counter_name)
    }

    fn into_rest(self) -> impl Iterator<Item = Glimpse> {
        self.glimpses.into_iter().zip(self.taken).filter(|(_, taken)| !taken).map(|(glimpse, _)| glimpse)
    }
}

fn by_login(glimpses: &[Glimpse]) -> FxHashMap<&[u8], Vec<usize>> {
    let mut of_login: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
    for (index, glimpse) in glimpses.iter().enumerate() {
        of_login.entry(&glimpse.session.login).or_default().push(index);
    }
    of_login
}

/// Without a name any counter of the login may be meant.
fn is_counted(counter: &Counter, glimpse: &Glimpse) -> bool {
    let Some(known) = &counter.session else { return false };
    let may_be = glimpse.counter_name.is_empty() || glimpse.counter_name == counter.name;
    may_be && matches!(known.compared_to(&glimpse.session, glimpse.start), Identity::Same { .. })
}

/// A row of this round that says neither id nor age is that of the session known on its counter.
fn is_counted_now(counter: &Counter, glimpse: &Glimpse) -> bool {
    let says_nothing = glimpse.session.acct_session_id.is_none() && glimpse.start.is_none();
    is_counted(counter, glimpse) || (says_nothing && glimpse.counter_name == counter.name)
}

fn is_same(known: &Glimpse, shown: &Glimpse) -> bool {
    let identity = identity(known.session.acct_session_id, known.start, &shown.session, shown.start);
    known.session.login == shown.session.login
        && !matches!(identity, Identity::Another | Identity::OtherId | Identity::Earlier)
}

/// Where a reboot may have hidden, a session without an id whose start is in doubt cannot be known again: who shows its
/// login now may be another.
fn proves_nothing(glimpse: &Glimpse) -> bool {
    let doubted = glimpse.start.is_none() && glimpse.session.session_time_s.is_some();
    doubted && glimpse.session.acct_session_id.is_none()
}

/// What was known of a session, and what only the other table told.
fn named(known: Glimpse, again: Glimpse) -> Glimpse {
    let counter_name = if known.counter_name.is_empty() { again.counter_name } else { known.counter_name };
    let acct_session_id = known.session.acct_session_id.or(again.session.acct_session_id);
    Glimpse { counter_name, session: OwnerSession { acct_session_id, ..known.session }, ..known }
}
