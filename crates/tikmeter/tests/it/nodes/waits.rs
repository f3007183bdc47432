//! How long routers waited, as the database saw it. Not in seconds, for a machine may be slow: in looks of the processes
//! that are there, and in rounds of routers that nobody disturbs, each of which is read once an interval. What is slow is
//! slow for all of them.

use std::collections::BTreeMap;

use super::witness::{Look, Round, Seen, Taking};

/// The looks of who takes a router of a silent process, from the end of that one's term on: it is taken at the first one, or at the
/// second where the last round of before was being written at the first, which a slow machine does for long.
const LOOKS: usize = 2;
/// How often who took it reads another router at most before it has read the one that was taken. It is read at once, with
/// ninety-nine others, which takes an interval here; the rest is for a machine that is slow.
const ROUNDS_TO_READ: usize = 4;
/// How often a process has looked at most, after the database was away, before what waited of a router is committed: what waits
/// of a hundred others is before it, and was not for more looks than it was away. Twice as much for a machine that is slow.
const LOOKS_TO_COMMIT: usize = 18;
/// How often another router is read at most between two rounds of a router, whatever happens: an interval that had begun, a
/// term, the third of it to the next look, and an interval to be read again; twice as much again for a machine that is slow.
const ROUNDS_TO_WAIT: usize = 12;

/// What was seen, in a shape to be asked.
pub(super) struct Waits<'a> {
    seen: &'a Seen,
    /// By router.
    rounds: BTreeMap<&'a str, Vec<&'a Round>>,
    /// They are read out of turn, and show no intervals.
    read_out_of_turn: &'a [&'a str],
}

/// A wait: how long by some measure, in milliseconds, and what for.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Wait(usize, i64, String);

/// The longest of each kind.
#[derive(Debug)]
pub(super) struct Longest {
    looks: Wait,
    rounds_to_read: Wait,
    looks_to_commit: Wait,
    rounds_to_wait: Wait,
}

impl<'a> Waits<'a> {
    pub(super) fn of(seen: &'a Seen, read_out_of_turn: &'a [&'a str]) -> Waits<'a> {
        let mut rounds: BTreeMap<&str, Vec<&Round>> = BTreeMap::new();
        for round in &seen.rounds {
            rounds.entry(&round.router).or_default().push(round);
        }
        Waits { seen, rounds, read_out_of_turn }
    }

    /// No router waited longer than it may, but the one that is read seldom; says how long they did.
    pub(super) fn are_short(&self, seldom: &str) -> Longest {
        let of_silent = || {
            self.seen
                .takings
                .iter()
                .filter(|taking| taking.whose.as_ref().is_some_and(|whose| *whose != taking.who))
        };
        let each_in_its_turn = self.rounds.iter().filter(|(router, _)| **router != seldom);
        let longest = Longest {
            looks: of_silent().map(|taking| self.looks_before(taking)).max().unwrap(),
            rounds_to_read: of_silent().filter_map(|taking| self.until_read(taking)).max().unwrap(),
            looks_to_commit: self.rounds.values().map(|rounds| self.until_committed(rounds)).max().unwrap(),
            rounds_to_wait: each_in_its_turn.flat_map(|(_, rounds)| self.between(rounds)).max().unwrap(),
        };
        assert!(longest.looks.0 <= LOOKS, "looks in vain: {longest:?}");
        assert!(longest.rounds_to_read.0 <= ROUNDS_TO_READ, "what was taken is read late: {longest:?}");
        assert!(longest.looks_to_commit.0 <= LOOKS_TO_COMMIT, "readings wait on: {longest:?}");
        assert!(longest.rounds_to_wait.0 <= ROUNDS_TO_WAIT, "a router waits too long: {longest:?}");
        longest
    }

    /// How often who took a router of a silent process could have taken it.
    fn looks_before(&self, taking: &Taking) -> Wait {
        let said = |look: &&Look| Some(&look.who) == taking.whose.as_ref() && look.at < taking.at;
        let term_over = self.seen.looks.iter().filter(said).map(|look| look.until).max().unwrap();
        let from = self.not_held_since(term_over, taking.at);
        let could =
            |look: &&Look| look.who == taking.who && look.steady && (from + 1..taking.at).contains(&look.at);
        let looks = self.seen.looks.iter().filter(could).count();
        self.told(looks, (from, taking.at), &taking.router)
    }

    fn until_read(&self, taking: &Taking) -> Option<Wait> {
        let first = self.rounds.get(&*taking.router)?.iter().find(|round| round.epoch == taking.epoch)?;
        let rounds =
            self.others_between((taking.at, first.at), |round| round.who.as_ref() == Some(&taking.who));
        Some(self.told(rounds, (taking.at, first.at), &taking.router))
    }

    /// How often its process had looked since the database was there again, when the first round of a router was committed.
    fn until_committed(&self, rounds: &[&Round]) -> Wait {
        let back = self.seen.back[0];
        let first = rounds.iter().find(|round| round.at > back).unwrap();
        let looked =
            |look: &&Look| Some(&look.who) == first.who.as_ref() && (back..first.at).contains(&look.at);
        self.told(self.seen.looks.iter().filter(looked).count(), (back, first.at), &first.router)
    }

    fn between(&self, rounds: &[&Round]) -> Vec<Wait> {
        let wait = |pair: &[&Round]| {
            let span = (self.not_held_since(pair[0].at, pair[1].at), pair[1].at);
            self.told(self.others_between(span, |_| true), span, &pair[0].router)
        };
        rounds.windows(2).map(wait).collect()
    }

    fn told(&self, measure: usize, (from, to): (i64, i64), router: &str) -> Wait {
        let second = (from - self.seen.rounds[0].at) / 1_000_000;
        let mut takings =
            self.seen.takings.iter().filter(|taking| taking.router == router && taking.at <= to);
        let taken = takings.next_back().map_or(String::new(), |taking| {
            format!(", taken by {} {} ms before its end", taking.who, (to - taking.at) / 1_000)
        });
        Wait(measure, (to - from) / 1_000, format!("{router} from second {second} on{taken}"))
    }

    /// While a transaction that stood still kept a router nobody could have been quicker: a wait begins after it.
    fn not_held_since(&self, from: i64, to: i64) -> i64 {
        let let_go = self.seen.let_go.iter().copied().filter(|at| (from..to).contains(at));
        let_go.max().unwrap_or(from)
    }

    /// How often routers were read meanwhile that one process had all the while: the one in the middle of them, for of some
    /// several readings are committed at once that had waited.
    fn others_between(&self, span: (i64, i64), counts: impl Fn(&Round) -> bool) -> usize {
        let others = self.rounds.iter().filter(|(router, _)| !self.read_out_of_turn.contains(router));
        let mut read: Vec<usize> =
            others.filter_map(|(_, rounds)| undisturbed(rounds, span, &counts)).collect();
        read.sort_unstable();
        read.get(read.len() / 2).copied().unwrap_or(0)
    }
}

fn undisturbed(rounds: &[&Round], (from, to): (i64, i64), counts: impl Fn(&Round) -> bool) -> Option<usize> {
    let first = rounds.partition_point(|round| round.at <= from);
    let after = rounds.partition_point(|round| round.at < to);
    let (before, next) = (rounds.get(first.checked_sub(1)?)?, rounds.get(after)?);
    (before.epoch == next.epoch && counts(before)).then_some(after.saturating_sub(first))
}
