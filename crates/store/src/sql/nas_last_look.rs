//! What a removal needs to know of a router: when it was looked at last, and how much can have passed since.

use accounting::bound::LinkSpeed;
use accounting::ledger::Unseen;
use accounting::time::{Micros, RoundTimes};

use crate::error::StoreError;
use crate::packing::unpack_round_times;

use super::row::Row;
use super::values::from_amount;

/// See the module.
pub(super) struct LastLook {
    /// The clocks as the database keeps them.
    pub(super) packed: Option<Vec<u8>>,
    /// Clocks of its last committed round.
    pub(super) last: Option<RoundTimes>,
    link: LinkSpeed,
}

impl LastLook {
    /// The columns `last_round, link_speed_bps`.
    pub(super) fn read(row: &Row<'_>) -> Result<LastLook, StoreError> {
        let packed: Option<Vec<u8>> = row.get(0)?;
        let last = packed.as_deref().map(unpack_round_times).transpose()?;
        let link = LinkSpeed(row.get::<Option<i64>>(1)?.map(from_amount).transpose()?);
        Ok(LastLook { packed, last, link })
    }

    /// Our clock at that round.
    pub(super) fn last_at(&self) -> Option<Micros> {
        self.last.map(|last| last.at)
    }

    /// From a last look to the removal. Only the wall clock connects the two, so one that stands before the look says
    /// nothing.
    pub(super) fn micros_since(&self, seen: Micros, at: Micros) -> Option<u64> {
        let passed = at.0.checked_sub(seen.0).and_then(|passed| u64::try_from(passed).ok());
        passed.filter(|passed| *passed > 0).map(|passed| passed.saturating_add(self.round_micros()))
    }

    /// What was not seen for so long; `None` = nobody knows how long.
    pub(super) fn unseen_for(&self, micros: Option<u64>) -> Unseen {
        let upper_octets = micros.and_then(|micros| self.link.upper_octets(micros.div_ceil(1_000_000)));
        Unseen { micros, upper_octets }
    }

    /// A round's time is that of its last row; the first one was read by so much earlier.
    fn round_micros(&self) -> u64 {
        self.last.map_or(0, |last| last.host_after.micros.saturating_sub(last.host.micros))
    }
}
