//! Whether a queue of ours may be put before one that the router made itself: not established (routeros.md U14), so found out.

use std::collections::HashMap;

use store::LimitSubject;

/// So many are remembered, some 60 bytes each. Overflow rule: all are forgotten, and tried once more.
const MOST: usize = 10_000;

/// What is known of one router since it was connected.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// It does not know of places in `add`.
    are_unknown: bool,
    /// Before this queue, by its `.id`, theirs could not be put.
    refused: HashMap<LimitSubject, Vec<u8>>,
}

impl Places {
    /// Nothing is known yet.
    pub(super) fn forget(&mut self) {
        *self = Places::default();
    }

    /// The router does not know of places.
    pub(super) fn none_are_known(&mut self) {
        self.are_unknown = true;
    }

    /// Before that queue theirs cannot be put: it is not tried again and again.
    pub(super) fn refuse(&mut self, subject: LimitSubject, before: Vec<u8>) {
        if self.refused.len() == MOST {
            self.refused.clear();
        }
        self.refused.insert(subject, before);
    }

    /// Whether theirs may be put before that queue, for all that is known.
    pub(super) fn may_be(&self, subject: &LimitSubject, before: &[u8]) -> bool {
        !self.are_unknown && self.refused.get(subject).is_none_or(|refused| refused != before)
    }
}
