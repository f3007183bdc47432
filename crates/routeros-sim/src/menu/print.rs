//! A print under way: a cursor over the world that fills buffers of a bounded size.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::answer::Answer;
use super::selection::Selection;
use crate::world::{Sighting, World};

/// Rows a fault keeps out of a print, without a word about it.
#[derive(Debug, Default)]
pub(crate) struct Hidden {
    /// Rows whose `name` or `user` is one of these.
    pub(crate) names: Vec<Vec<u8>>,
    /// A share of all rows, in percent, chosen at random.
    pub(crate) percent: u32,
}

/// How far one call may go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Stop once the buffer is this long.
    pub(crate) octets: usize,
    /// Stop before the print has sent more rows than this in all.
    pub(crate) rows: u64,
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// The buffer is full; call again.
    Buffer,
    /// The limit of rows is reached.
    Rows,
    /// No row is left.
    Table,
}

/// One print being answered.
pub(crate) struct Print {
    selection: Selection,
    count_only: bool,
    hidden: Hidden,
    rng: StdRng,
    cursor: Option<u32>,
    rows: u64,
    sightings: Vec<Sighting>,
    spoilt: bool,
}

impl Print {
    pub(crate) fn new(selection: Selection, count_only: bool, hidden: Hidden, seed: u64) -> Self {
        Self {
            selection,
            count_only,
            hidden,
            rng: StdRng::seed_from_u64(seed),
            cursor: None,
            rows: 0,
            sightings: Vec::new(),
            spoilt: false,
        }
    }

    /// Appends rows until a limit is reached or the table ends.
    pub(crate) fn fill(
        &mut self,
        world: &World,
        answer: &Answer,
        out: &mut Vec<u8>,
        limits: Limits,
    ) -> Filled {
        loop {
            if out.len() >= limits.octets {
                return Filled::Buffer;
            }
            if self.rows >= limits.rows {
                return Filled::Rows;
            }
            let Some(item) = (self.selection.menu.next)(world, self.cursor) else {
                return Filled::Table;
            };
            self.cursor = Some(item);
            if self.selection.matches(world, item) && !self.hides(world, item) {
                self.row(world, item, answer, out);
            }
        }
    }

    /// Appends the end of a print that went well.
    pub(crate) fn end(&self, world: &World, answer: &Answer, out: &mut Vec<u8>) {
        if self.count_only {
            answer.done_with(out, self.rows.to_string().as_bytes());
            return;
        }
        if self.rows == 0 && world.device.personality.sends_empty() {
            answer.empty(out);
        }
        answer.done(out);
    }

    /// What its rows revealed; to be noted when it ended cleanly.
    pub(crate) fn take_sightings(&mut self) -> Vec<Sighting> {
        if self.spoilt { Vec::new() } else { std::mem::take(&mut self.sightings) }
    }

    /// The reply was broken on the way: no client can have read it.
    pub(crate) fn spoil(&mut self) {
        self.spoilt = true;
    }

    fn row(&mut self, world: &World, item: u32, answer: &Answer, out: &mut Vec<u8>) {
        self.rows += 1;
        if self.count_only {
            return;
        }
        answer.row(out, |words| self.selection.write(world, item, words));
        self.sightings.extend(self.sighting(world, item));
    }

    /// A row without the counters that its menu has is worth nothing to a meter, nor one of a menu without any that
    /// lacks its login.
    fn sighting(&self, world: &World, item: u32) -> Option<Sighting> {
        let menu = self.selection.menu;
        let revealed = (menu.reveals)(world, item);
        let shows = self.selection.shows_counters;
        let counter = (shows && menu.counts).then(|| (item, world.counter(item)));
        let tells = match menu.counters {
            [] => revealed.is_some() && self.selection.shows_logins,
            _ => shows && (menu.counts || revealed.is_some()),
        };
        tells.then(|| Sighting { by: menu.shown_by, session: revealed, at_us: world.now_us(), counter })
    }

    fn hides(&mut self, world: &World, item: u32) -> bool {
        if self.hidden.percent > 0 && self.rng.random_range(0..100) < self.hidden.percent {
            return true;
        }
        let hidden = |name: Option<Vec<u8>>| name.is_some_and(|name| self.hidden.names.contains(&name));
        !self.hidden.names.is_empty()
            && (hidden(self.selection.menu.value(world, item, b"name"))
                || hidden(self.selection.menu.value(world, item, b"user")))
    }
}
