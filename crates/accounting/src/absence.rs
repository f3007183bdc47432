//! What is remembered of a counter that is not read (rule 7).

use crate::changes::Tail;
use crate::octets::Octets;
use crate::time::RoundTimes;

/// Since when a counter is not read.
#[derive(Clone, Debug)]
pub(crate) struct Absence {
    pub(crate) last_read: RoundTimes,
    pub(crate) since: RoundTimes,
    pub(crate) rounds: u32,
    /// It went away, or came back, across a gap: a row of its id and name needs proof that it is still the same
    /// session's.
    pub(crate) unproven: bool,
    /// The latest round that showed its row all the same, by our poll_seq; 0 for none.
    pub(crate) shown_in: u64,
    /// What its row showed last, where it was shown all the same: less is a reset.
    pub(crate) shown: Option<Octets>,
    /// It was shown to drop, and counts from 0 since.
    pub(crate) dropped: bool,
    /// A restart forgot what its row showed.
    pub(crate) forgotten: bool,
    /// An outage since its last reading may have hidden a reboot: only a session-id proves anything.
    pub(crate) doubtful: bool,
    /// Rounds in a row whose print lacked it.
    pub(crate) lacking: u32,
    pub(crate) tail: Tail,
}

impl Absence {
    pub(crate) fn new(last_read: RoundTimes, since: RoundTimes) -> Self {
        Absence {
            last_read,
            since,
            rounds: 0,
            unproven: false,
            shown_in: 0,
            shown: None,
            dropped: false,
            forgotten: false,
            doubtful: false,
            lacking: 0,
            tail: Tail::Open,
        }
    }

    /// The reading by which the counter was surely gone, and at most how many seconds it was read before that: where the first
    /// reading that lacked it said so already.
    pub(crate) fn gone_by(&self) -> Option<(RoundTimes, Option<u64>)> {
        let Tail::Closed(Some(seconds)) = self.tail else { return None };
        let by_first = self.since.uptime.seconds_since(self.last_read.uptime);
        (seconds == by_first).then_some((self.since, Some(seconds)))
    }

    /// What the store does not keep is taken for the worst: the row needs proof, and what it showed is not known.
    pub(crate) fn restored(last_read: RoundTimes, since: RoundTimes, rounds: u32, tail: Tail) -> Self {
        Absence { rounds, tail, unproven: true, forgotten: true, ..Absence::new(last_read, since) }
    }
}
