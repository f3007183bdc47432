//! Renewals that no reading marked: what a counter gained across one is split between the cycles by time, and the
//! renewal is settled once nothing can straddle it any more (rule 11).

use rustc_hash::FxHashMap;

use crate::absence::Absence;
use crate::crossing::{Crossing, Stretch, part_before, unseen_parts};
use crate::edge::Edge;
use crate::ledger::{Reason, Unseen};
use crate::login::LoginRef;
use crate::octets::Octets;
use crate::table::Table;
use crate::time::{Micros, RoundTimes};

use super::posting::{Line, Posting};
use super::round::Round;

impl Round<'_> {
    /// Writes a posting that straddles renewals as one line for each cycle. False: it straddles none, and is what is left of it
    /// to be written.
    pub(super) fn post_across_edges(&mut self, slot: usize, posting: &mut Posting) -> bool {
        let stretch = self.stretch(slot, posting);
        let session = self.state.counters[slot].session.as_ref();
        let Some(login) = session.map(|session| self.state.roster.get(session.login)) else { return false };
        let crossings = self.crossings(login.id, &stretch);
        if crossings.is_empty() {
            self.bound_closed_cycles(slot, login, posting);
            return false;
        }
        let mut rest = self.restart_if_reset(slot, *posting);
        let begin = crossings.iter().find_map(|(_, crossing)| crossing.begin());
        rest.from.at = begin.unwrap_or(rest.from.at);
        let lines = self.changes.new_entries.len();
        for (cycle, crossing) in crossings {
            rest = match crossing {
                Crossing::At { at, .. } => self.post_before_edge(slot, rest, cycle, (at, stretch.to.at)),
                Crossing::Somewhere => self.post_about_edge(slot, rest, cycle),
            };
        }
        let nothing_left = rest.before == rest.after && rest.unseen.is_none();
        if !nothing_left || self.changes.new_entries.len() == lines {
            let (cycle, to) = (self.open_cycle(slot), self.at());
            self.write(slot, rest, Line { cycle, to, posted: true });
        }
        true
    }

    /// What was counted straddles nothing, but what may have passed unseen before its session was known may reach back into
    /// cycles that have closed since.
    fn bound_closed_cycles(&mut self, slot: usize, login: LoginRef, posting: &mut Posting) {
        let begins = matches!(posting.reason, Reason::Baseline | Reason::SessionStart);
        let Some(unseen) = posting.unseen.filter(|_| begins) else { return };
        let seconds = unseen.micros.map(|micros| micros.div_ceil(1_000_000));
        posting.unseen = None;
        for (cycle, to, unseen) in self.unseen_by_cycle(login, &self.stretch_until_now(seconds), unseen) {
            if cycle == login.cycle {
                posting.unseen = Some(unseen);
                continue;
            }
            let (reason, delta, after) = (Reason::EdgeUnobserved, Octets::ZERO, posting.before);
            let closed = Posting { reason, delta, after, unseen: Some(unseen), ..*posting };
            self.write(slot, closed, Line { cycle, to, posted: true });
        }
    }

    /// Between which readings a posting was counted. A session that was gone by an earlier one counted nothing after that.
    fn stretch(&self, slot: usize, posting: &Posting) -> Stretch {
        let ends = matches!(posting.reason, Reason::SessionEnd | Reason::Tail);
        let absence = self.state.counters[slot].absence.as_deref().filter(|_| ends);
        let gone = absence.and_then(Absence::gone_by);
        let (to, seconds) = gone.unwrap_or((self.snapshot.times, posting.seconds));
        self.stretch_of(posting.from, to, seconds, gone.is_some())
    }

    fn stretch_of(&self, from: RoundTimes, to: RoundTimes, seconds: Option<u64>, ended: bool) -> Stretch {
        Stretch { from, to, seconds, last: (self.last, self.seconds_since_last), ended }
    }

    /// The time of which all that is known is that it ended now and lasted so many seconds at most.
    pub(super) fn stretch_until_now(&self, seconds: Option<u64>) -> Stretch {
        let from = seconds.map_or(Micros(i64::MIN), |seconds| self.at().minus_seconds(seconds));
        self.stretch_of(RoundTimes::label(from), self.snapshot.times, seconds, false)
    }

    /// What was not seen in a stretch of a login's session, in each cycle that it is of, with the end of that part.
    pub(super) fn unseen_by_cycle(
        &self,
        login: LoginRef,
        stretch: &Stretch,
        unseen: Unseen,
    ) -> Vec<(Option<i64>, Micros, Unseen)> {
        let (mut parts, mut rest, to) = (Vec::new(), Some(unseen), stretch.to.at);
        for (cycle, crossing) in self.crossings(login.id, stretch) {
            let (before, after, at) = match crossing {
                Crossing::At { at, .. } => {
                    let (before, after) = unseen_parts(rest, at, to);
                    (before, after, at)
                }
                Crossing::Somewhere => (rest, rest, to),
            };
            parts.extend(before.map(|unseen| (Some(cycle), at, unseen)));
            rest = after;
        }
        parts.extend(rest.map(|unseen| (login.cycle, to, unseen)));
        parts
    }

    /// The cycles of a login that closed within the stretch, in their order, and where.
    fn crossings(&self, login: i64, stretch: &Stretch) -> Vec<(i64, Crossing)> {
        let of_login = self.edges_of(login);
        let crossings = of_login.filter_map(|edge| Some((edge.cycle, stretch.crossing(edge)?)));
        let mut crossings: Vec<_> = crossings.collect();
        crossings.sort_unstable_by_key(|(cycle, _)| *cycle);
        crossings
    }

    /// They are in the order of logins: a plan's day closes the cycles of a hundred thousand at once.
    fn edges_of(&self, login: i64) -> impl Iterator<Item = &Edge> {
        let first = self.state.edges.partition_point(|edge| edge.login < login);
        self.state.edges[first..].iter().take_while(move |edge| edge.login == login)
    }

    /// A counter that started over says so in a line of its own, so that the parts go on from value to value.
    fn restart_if_reset(&mut self, slot: usize, posting: Posting) -> Posting {
        let restarted = !posting.delta.is_zero() && posting.before + posting.delta != posting.after;
        let reason = if posting.delta.is_zero() { posting.reason } else { Reason::EdgeUnobserved };
        if !restarted {
            return Posting { reason, ..posting };
        }
        let line = Line { cycle: self.open_cycle(slot), to: self.at(), posted: true };
        let (delta, after) = (Octets::ZERO, Octets::ZERO);
        self.write(slot, Posting { delta, after, unseen: None, ..posting }, line);
        Posting { reason, before: Octets::ZERO, ..posting }
    }

    /// Writes what belongs to the cycle that closed at an instant, and returns what is left for later ones.
    fn post_before_edge(
        &mut self,
        slot: usize,
        posting: Posting,
        cycle: i64,
        (at, to): (Micros, Micros),
    ) -> Posting {
        let part = part_before(posting.delta, posting.from.at, at, to);
        let (unseen, unseen_after) = unseen_parts(posting.unseen, at, to);
        let middle = posting.before + part;
        let before =
            Posting { reason: Reason::EdgeUnobserved, delta: part, after: middle, unseen, ..posting };
        if !part.is_zero() || unseen.is_some() {
            self.write(slot, before, Line { cycle: Some(cycle), to: at, posted: true });
        }
        let delta = posting.delta.saturating_sub(part);
        Posting { delta, before: middle, from: RoundTimes::label(at), unseen: unseen_after, ..posting }
    }

    /// When the cycle closed is not known: all of it is left for later ones, and bounds what that cycle may lack.
    fn post_about_edge(&mut self, slot: usize, posting: Posting, cycle: i64) -> Posting {
        let upper = match posting.unseen {
            Some(unseen) => unseen.upper_octets,
            None => Some(0),
        };
        let upper_octets = upper.map(|upper| upper.saturating_add(posting.delta.both()));
        let unseen = Some(Unseen { micros: None, upper_octets });
        let (reason, delta, after) = (Reason::EdgeUnobserved, Octets::ZERO, posting.before);
        let line = Line { cycle: Some(cycle), to: self.at(), posted: true };
        self.write(slot, Posting { reason, delta, after, unseen, ..posting }, line);
        posting
    }

    /// Renewals that nothing can straddle any more: this round began after them and looked where the counters of their login
    /// are, and every one was read in it, or was read after them, or ended.
    pub(super) fn settle_edges(&mut self) {
        let waits_since = self.rows_wait_since();
        let looked_in = |table| Some((table, self.looked_in(table, waits_since)?));
        self.changes.looked_in = Table::ALL.into_iter().filter_map(looked_in).collect();
        self.changes.rows_wait = waits_since.is_some();
        self.state.last_bindings = self.snapshot.times.bindings;
        let edges = std::mem::take(&mut self.state.edges);
        if edges.is_empty() {
            return;
        }
        let unread = self.logins_unread_since();
        let waits = |edge: &Edge| {
            !self
                .changes
                .looked_in
                .iter()
                .any(|(table, version)| *table == edge.table && edge.since <= *version)
                || unread.get(&edge.login).is_some_and(|since| *since < edge.since)
        };
        let (open, settled) = edges.into_iter().partition(waits);
        self.state.edges = open;
        self.changes.settled_edges = settled;
    }

    /// Under which version of the bindings no counter of that table escaped; `None` when one may have. One that stands for
    /// somebody is there only where it was enrolled, and so is its print.
    fn looked_in(&self, table: Table, waits_since: Option<u64>) -> Option<u64> {
        let enrolled = || self.state.enrolled.iter().any(|one| one.table == table);
        let all = self.snapshot.reads(table) || table.is_standing() && !enrolled();
        let read_under = self.snapshot.times.bindings;
        let waits_since = waits_since.filter(|_| table == Table::Interface);
        all.then(|| waits_since.map_or(read_under, |version| version.min(read_under)))
    }

    /// The oldest version of the bindings that a row of a PPP session which waits may have counted under; `None`: none waits. It
    /// may be anybody's: an unknown one from the version on under which the round before lacked it, one of a counter that was set
    /// aside from its last reading on.
    fn rows_wait_since(&self) -> Option<u64> {
        let unknown = self.state.orphans.values().map(|orphan| orphan.lacked_under);
        unknown.chain(self.state.set_aside().map(|absence| absence.last_read.bindings)).min()
    }

    /// Logins with a counter that this round did not show, and the version of the bindings under which the one that was unread
    /// longest was read last.
    fn logins_unread_since(&self) -> FxHashMap<i64, u64> {
        let mut unread = FxHashMap::default();
        for counter in self.state.counters.iter().filter(|counter| !counter.gone) {
            let (Some(session), Some(absence)) = (&counter.session, &counter.absence) else { continue };
            let bindings = absence.last_read.bindings;
            let since = unread.entry(self.state.roster.get(session.login).id).or_insert(bindings);
            *since = bindings.min(*since);
        }
        unread
    }
}
