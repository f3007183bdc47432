//! What `listen` has to tell: a bounded log of rows that appeared, changed or went.

use std::collections::VecDeque;

/// Above this the oldest changes are forgotten; a listener that far behind misses them, as a real one would.
const KEPT: usize = 1 << 17;

/// The tables that can be listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listened {
    /// `/ppp/active`; items are sessions.
    Sessions,
    /// `/interface`; items are interfaces.
    Interfaces,
    /// The configurable table of this path.
    Configured(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) table: Listened,
    pub(crate) item: u32,
    /// The `.id`, which outlives the row.
    pub(crate) id: u64,
    pub(crate) dead: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Changes {
    log: VecDeque<Change>,
    forgotten: u64,
}

impl Changes {
    pub(crate) fn push(&mut self, change: Change) {
        if self.log.len() == KEPT {
            self.log.pop_front();
            self.forgotten += 1;
        }
        self.log.push_back(change);
    }

    /// The number the next change will get.
    pub(crate) fn next(&self) -> u64 {
        self.forgotten + self.log.len() as u64
    }

    /// The changes from number `from` on that are still known.
    pub(crate) fn since(&self, from: u64) -> impl Iterator<Item = Change> + '_ {
        let skipped = usize::try_from(from.saturating_sub(self.forgotten)).unwrap_or(usize::MAX);
        self.log.iter().skip(skipped).copied()
    }
}
