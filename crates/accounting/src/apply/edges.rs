//! Renewals that no reading marked: what a counter gained across one is split between the cycles by time, and the
//! renewal is settled once nothing can straddle it any more (rule 11).

use crate::counter::Counter;
use crate::edge::{Edge, part_before, unseen_parts};
use crate::ledger::Reason;
use crate::octets::Octets;

use super::posting::{Line, Posting};
use super::round::Round;

impl Round<'_> {
    /// Writes a posting that straddles renewals as one line for each cycle. False: it straddles none.
    pub(super) fn post_across_edges(&mut self, slot: usize, posting: &Posting) -> bool {
        let edges = self.edges_across(slot, posting);
        if edges.is_empty() {
            return false;
        }
        self.read_twice = true;
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
        let session = self.state.counters[slot].session.as_ref();
        let login = session.map(|session| self.state.roster.get(session.login).id);
        let straddled = |edge: &&Edge| Some(edge.login) == login && edge.at > posting.from;
        self.state.edges.iter().filter(straddled).copied().collect()
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

    /// Renewals that nothing can straddle any more: every counter of their login was read in this round, or was read
    /// after them, or ended.
    pub(super) fn settle_edges(&mut self) {
        let edges = std::mem::take(&mut self.state.edges);
        if edges.is_empty() {
            return;
        }
        let waits = |edge: &Edge| self.state.counters.iter().any(|counter| self.may_straddle(counter, edge));
        let (open, settled) = edges.into_iter().partition(waits);
        self.state.edges = open;
        self.changes.settled_edges = settled;
    }

    fn may_straddle(&self, counter: &Counter, edge: &Edge) -> bool {
        let (Some(session), Some(absence)) = (&counter.session, &counter.absence) else { return false };
        !counter.gone
            && absence.last_read.at < edge.at
            && self.state.roster.get(session.login).id == edge.login
    }
}
