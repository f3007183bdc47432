//! Names that were looked up to tell an event of a router, held for the next: nearly every line of a round speaks of the same
//! login, session and cycle as one of the round before.
//!
//! What a number of those stands for never changes, but for the name that a subscriber has for people: a name is held for
//! [`EventNames::HELD_SECONDS`] and then looked up again. Who is bound to a login may change at any time and is never held.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounting::time::Micros;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::event::{UsageLine, Who};
use crate::ids::NasId;

/// Most lines whose names are held; those of others are looked up each time.
const MOST: usize = 1 << 19;
/// After so many rounds of a router it is forgotten what none of them spoke of.
const UNUSED_ROUNDS: u32 = 8;

/// What is held; cheap to clone, clones hold the same.
#[derive(Clone, Debug)]
pub struct EventNames(Arc<Mutex<Memory>>);

impl Default for EventNames {
    fn default() -> EventNames {
        EventNames::of_at_most(MOST)
    }
}

impl EventNames {
    /// How old a name that is told may be, seconds of our clock.
    pub const HELD_SECONDS: u64 = 1_800;

    /// Holds those of so many lines, 524,288 unless said otherwise.
    #[must_use]
    pub fn of_at_most(lines: usize) -> EventNames {
        EventNames(Arc::new(Mutex::new(Memory { most: lines, ..Memory::default() })))
    }

    /// Of how many lines they are held.
    pub fn lines(&self) -> usize {
        self.memory().lines
    }

    /// Forgets what belongs to routers that are not among these, or were told of too long ago.
    pub fn only(&self, routers: impl Iterator<Item = NasId>, now: Micros) {
        let memory = &mut *self.memory();
        let ours: FxHashSet<NasId> = routers.collect();
        memory.routers.retain(|nas, router| ours.contains(nas) && is_fresh(router.told_at, now));
        memory.lines = memory.routers.values().map(|router| router.lines.len()).sum();
    }

    /// What is held at that instant of our clock.
    pub(crate) fn held(&self, now: Micros) -> Held<'_> {
        Held { memory: self.memory(), now }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_fresh(since: Micros, now: Micros) -> bool {
    since <= now && since >= now.minus_seconds(EventNames::HELD_SECONDS)
}

#[derive(Debug, Default)]
struct Memory {
    routers: FxHashMap<NasId, OfRouter>,
    lines: usize,
    most: usize,
}

#[derive(Debug, Default)]
struct OfRouter {
    lines: FxHashMap<LineKey, Line>,
    rounds: u32,
    told_at: Micros,
}

#[derive(Debug)]
struct Line {
    who: Arc<Who>,
    looked_up_at: Micros,
    /// The router's round that spoke of it last.
    round: u32,
}

/// What a line speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct LineKey {
    pub(crate) login: Option<i64>,
    pub(crate) session: Option<u64>,
    pub(crate) cycle: Option<i64>,
}

impl LineKey {
    /// What this one speaks of.
    pub(crate) fn of(line: &UsageLine) -> LineKey {
        LineKey { login: line.login, session: line.session, cycle: line.cycle }
    }
}

/// What is held at an instant.
pub(crate) struct Held<'m> {
    memory: MutexGuard<'m, Memory>,
    now: Micros,
}

impl Held<'_> {
    /// Who these lines of a round are about, in their order; `None` of those that are to be looked up.
    pub(crate) fn round(
        &mut self,
        nas: NasId,
        lines: impl Iterator<Item = Option<LineKey>>,
    ) -> Vec<Option<Arc<Who>>> {
        let (memory, now) = (&mut *self.memory, self.now);
        let router = memory.routers.entry(nas).or_default();
        router.told_at = now;
        router.rounds = router.rounds.wrapping_add(1);
        let round = router.rounds;
        let found = lines.map(|key| {
            let line = router.lines.get_mut(&key?)?;
            line.round = round;
            is_fresh(line.looked_up_at, now).then(|| Arc::clone(&line.who))
        });
        let found = found.collect();
        if round.is_multiple_of(UNUSED_ROUNDS) {
            let before = router.lines.len();
            router.lines.retain(|_, line| round.wrapping_sub(line.round) < UNUSED_ROUNDS);
            memory.lines -= before - router.lines.len();
        }
        found
    }

    /// This was looked up.
    pub(crate) fn keep(&mut self, nas: NasId, key: LineKey, who: &Arc<Who>) {
        let (Memory { routers, lines, most }, now) = (&mut *self.memory, self.now);
        let router = routers.entry(nas).or_default();
        let line = Line { who: Arc::clone(who), looked_up_at: now, round: router.rounds };
        if let Some(held) = router.lines.get_mut(&key) {
            *held = line;
        } else if *lines < *most {
            router.lines.insert(key, line);
            *lines += 1;
        }
    }
}
