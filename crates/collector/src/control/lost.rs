//! Sessions that `listen` showed and whose ends nobody can have heard, because listening broke off. The next whole print
//! of the tables tells which of them live on.

use accounting::snapshot::OwnerSession;
use accounting::time::RoundTimes;
use rustc_hash::FxHashSet;

use super::known::{Known, MOST_KNOWN};

/// See the module. Overflow rule: a session beyond [`MOST_KNOWN`] is dropped and counted.
#[derive(Debug, Default)]
pub(super) struct Lost(Vec<Known>);

impl Lost {
    /// Takes those that were known when listening broke off; answers how many found no room.
    pub(super) fn add(&mut self, mut known: impl Iterator<Item = Known>) -> u64 {
        let room = MOST_KNOWN.saturating_sub(self.0.len());
        self.0.extend(known.by_ref().take(room));
        known.count() as u64
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What became of these sessions is known.
    pub(super) fn let_go(&mut self, acct_session_ids: &FxHashSet<u64>) {
        self.0.retain(|known| !known.is_any_of(acct_session_ids));
    }

    /// Takes those that the tables of a round must show if they live still, with their ages at its end.
    pub(super) fn take_before(&mut self, round: &RoundTimes) -> Vec<OwnerSession> {
        self.0.extract_if(.., |known| known.is_before(round)).map(|known| known.at_end_of(round)).collect()
    }
}
