//! Events that are given up because nobody could be told for too long: one row stays in their place and says so.

use crate::error::StoreError;
use crate::ids::NasId;
use crate::outbox_repository::{GiveUp, OutboxQueue};

use super::connection::Connection;
use super::outbox_queue::{QUEUE, queue};
use super::rows;
use super::value::params;
use super::values::{amount, from_amount};

/// Most events that one transaction gives up.
const MOST: u64 = 500;

/// Of the oldest events of a router, the last one before that instant and those that are younger.
const LAST_BEFORE: &str = "
    SELECT coalesce((SELECT min(seq) FROM outbox WHERE nas_id = ?1 AND seq <= ?2 AND at >= ?3) - 1, ?2)";
/// The event in which so many bytes of the router's are reached.
const LAST_WITHIN: &str = "SELECT max(seq) FROM outbox WHERE nas_id = ?1 AND seq <= ?2 AND bytes_before < ?3";
const MARK: &str = "
    UPDATE outbox SET lost_from = ?3, bytes_before = bytes_before + length(body), body = ?4
    WHERE nas_id = ?1 AND seq = ?2";
const LOST_FROM: &str = "SELECT coalesce(lost_from, seq) FROM outbox WHERE nas_id = ?1 AND seq = ?2";
const DELETE_BEFORE: &str = "DELETE FROM outbox WHERE nas_id = ?1 AND seq < ?2";
const COUNT: &str = "UPDATE outbox_head SET lost = lost + ?2 WHERE nas_id = ?1";

/// See [`crate::OutboxRepository::give_up_events`].
pub(super) fn give_up(connection: &Connection<'_>, nas: NasId, which: GiveUp) -> Result<u64, StoreError> {
    let queue = rows::first(connection, QUEUE, params![nas.0], queue)?;
    let Some(queue) = queue.filter(|queue| queue.droppable() > 0) else { return Ok(0) };
    let last = last(connection, &queue, which)?;
    let lost = (last + 1).saturating_sub(queue.first + u64::from(queue.begins_with_loss));
    if lost == 0 {
        return Ok(0);
    }
    let (last, first) = (amount(last)?, amount(queue.first)?);
    let from = rows::only(connection, LOST_FROM, params![nas.0, first], |row| row.get::<i64>(0))?;
    connection.execute(MARK, params![nas.0, last, from, [0_u8; 0]])?;
    connection.execute(DELETE_BEFORE, params![nas.0, last])?;
    connection.execute(COUNT, params![nas.0, amount(lost)?])?;
    Ok(lost)
}

/// The last event that goes; before the first when none does.
fn last(connection: &Connection<'_>, queue: &OutboxQueue, which: GiveUp) -> Result<u64, StoreError> {
    let furthest = amount(queue.first + (queue.events - 1).min(MOST))?;
    let number = |sql, bound: i64| {
        rows::only(connection, sql, params![queue.nas.0, furthest, bound], |row| row.get::<i64>(0))
    };
    from_amount(match which {
        GiveUp::Before(edge) => number(LAST_BEFORE, edge.0)?,
        GiveUp::Bytes(bytes) => {
            number(LAST_WITHIN, amount(queue.bytes_before.saturating_add(bytes.max(1)))?)?
        }
    })
}
