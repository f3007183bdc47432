//! Renewals that no reading marked: what a counter gained across one is split between the cycles by time, and the
//! renewal is settled once nothing can straddle it any more (rule 11).

use rustc_hash::FxHashMap;

use crate::edge::{Edge, part_before, unseen_parts};
use crate::ledger::Reason;
use crate::octets::Octets;
use crate::table::Table;
use crate::time::Micros;

use super::posting::{Line, Posting};
use super::round::Round;

impl Round<'_> {
    /// Writes a posting that straddles renewals as one line for each cycle. False: it straddles none.
    pub(super) fn post_across_edges(&mut self, slot: usize, posting: &Posting) -> bool {
        let edges = self.edges_across(slot, posting);
        if edges.is_empty() {
            return false;
        }
        let mut rest = self.restart_if_reset(slot, *posting);
        for edge in edges {
            rest = self.post_before_edge(slot, rest, edge);
        }
        let (cycle, to) = (self.open_cycle(slot), self.at());
        self.write(slot, rest, Line { cycle, to, posted: true });
        true
    }

    /// The renewals of the counter's login that came after its last reading.
    fn edges_across(&self, slot: usize, posting: &Posting) -> Vec<Edge> {
        let Some(session) = &self.state.counters[slot].session else { return Vec::new() };
        let login = self.state.roster.get(session.login).id;
        // They are in the order of logins: a plan's day closes the cycles of a hundred thousand at once.
        let first = self.state.edges.partition_point(|edge| edge.login < login);
        let of_login = self.state.edges[first..].iter().take_while(|edge| edge.login == login);
        of_login.filter(|edge| edge.at > posting.from).copied().collect()
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

    /// Writes what belongs to the cycle that closed, and returns what is left for later ones.
    fn post_before_edge(&mut self, slot: usize, posting: Posting, edge: Edge) -> Posting {
        let (at, to) = (edge.at.min(self.at()), self.at());
        let part = part_before(posting.delta, posting.from, at, to);
        let (unseen, unseen_after) = unseen_parts(posting.unseen, at, to);
        let middle = posting.before + part;
        let before =
            Posting { reason: Reason::EdgeUnobserved, delta: part, after: middle, unseen, ..posting };
        if !part.is_zero() || unseen.is_some() {
            self.write(slot, before, Line { cycle: Some(edge.cycle), to: at, posted: true });
        }
        let delta = posting.delta.saturating_sub(part);
        Posting { delta, before: middle, from: at, unseen: unseen_after, ..posting }
    }

    /// Renewals that nothing can straddle any more: this round began after them and looked where the counters of their login
    /// are, and every one was read in it, or was read after them, or ended.
    pub(super) fn settle_edges(&mut self) {
        self.changes.looked_in =
            Table::ALL.into_iter().filter_map(|table| Some((table, self.looked_in(table)?))).collect();
        self.changes.rows_wait = !self.state.orphans.is_empty();
        self.state.last_bindings = self.snapshot.bindings;
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
                || unread.get(&edge.login).is_some_and(|since| *since < edge.at)
        };
        let (open, settled) = edges.into_iter().partition(waits);
        self.state.edges = open;
        self.changes.settled_edges = settled;
    }

    /// Under which version of the bindings no counter of that table escaped; `None` when one may have. One that stands for
    /// somebody is there only where it was enrolled, and so is its print. A row that waits for its owner may be anybody's,
    /// from the version on under which the round before lacked it.
    fn looked_in(&self, table: Table) -> Option<u64> {
        let enrolled = || self.state.enrolled.iter().any(|one| one.table == table);
        let all = self.snapshot.reads(table) || table.is_standing() && !enrolled();
        let waiting = self.state.orphans.values().map(|orphan| orphan.lacked_under);
        let named = waiting.filter(|_| table == Table::Interface).min();
        all.then(|| named.map_or(self.snapshot.bindings, |version| version.min(self.snapshot.bindings)))
    }

    /// Logins with a counter that this round did not show, and when the one that was unread longest was read last.
    fn logins_unread_since(&self) -> FxHashMap<i64, Micros> {
        let mut unread = FxHashMap::default();
        for counter in self.state.counters.iter().filter(|counter| !counter.gone) {
            let (Some(session), Some(absence)) = (&counter.session, &counter.absence) else { continue };
            let since = unread.entry(self.state.roster.get(session.login).id).or_insert(absence.last_read.at);
            *since = absence.last_read.at.min(*since);
        }
        unread
    }
}
