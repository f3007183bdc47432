//! What waits to be told, by router.

use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::outbox_repository::OutboxQueue;

use super::lease::polled;
use super::row::Row;
use super::values::from_amount;

/// The columns in the order [`queue`] reads them.
macro_rules! queues_where {
    ($condition:literal) => {
        concat!(
            "SELECT head.nas_id, head.seq, head.bytes, head.lost, oldest.seq,
                    CASE WHEN oldest.lost_from IS NULL THEN oldest.at ELSE coalesce(
                        (SELECT at FROM outbox WHERE nas_id = head.nas_id AND seq = oldest.seq + 1), oldest.at) END,
                    oldest.bytes_before, oldest.lost_from, length(oldest.body), nas.lease_holder
             FROM outbox_head AS head LEFT JOIN outbox AS oldest ON oldest.nas_id = head.nas_id
               AND oldest.seq = (SELECT min(seq) FROM outbox WHERE nas_id = head.nas_id)
             LEFT JOIN nas ON nas.id = head.nas_id AND ",
            polled!(),
            " ",
            $condition
        )
    };
}
/// Those of all routers.
pub(super) const QUEUES: &str = queues_where!("ORDER BY head.nas_id");
/// That of one router.
pub(super) const QUEUE: &str = queues_where!("WHERE head.nas_id = ?1");

/// A line of the columns of [`QUEUE`].
pub(super) fn queue(row: &Row<'_>) -> Result<OutboxQueue, StoreError> {
    let (newest, bytes): (i64, i64) = (row.get(1)?, row.get(2)?);
    let (oldest, before): (Option<i64>, Option<i64>) = (row.get(4)?, row.get(6)?);
    Ok(OutboxQueue {
        nas: NasId(row.get(0)?),
        first: from_amount(oldest.unwrap_or(newest + 1))?,
        events: from_amount(oldest.map_or(0, |oldest| newest - oldest + 1))?,
        bytes: from_amount(before.map_or(0, |before| bytes - before))?,
        bytes_before: from_amount(before.unwrap_or(bytes))?,
        first_bytes: from_amount(row.get::<Option<i64>>(8)?.unwrap_or(0))?,
        oldest_at: row.get::<Option<i64>>(5)?.map(Micros),
        begins_with_loss: row.get::<Option<i64>>(7)?.is_some(),
        lost: from_amount(row.get(3)?)?,
        polled_by: row.get(9)?,
    })
}
