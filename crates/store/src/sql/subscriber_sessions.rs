//! What the counters of subscribers' open sessions show.

use std::collections::HashMap;

use accounting::Octets;
use uuid::Uuid;

use crate::error::StoreError;
use crate::reach::Reach;

use super::connection::Connection;
use super::open_entry::{baseline, with_open_entry};
use super::reach::on_reached;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values;

/// A session's key is made of its router and number as in [`super::keys::row_key`]. `?1`: one subscriber, or null for all; `?2`: whom it is for.
const OPEN: &str = concat!(
    "
    SELECT binding.subscriber_id, CAST(sum(",
    baseline!("input"),
    ") AS bigint), CAST(sum(",
    baseline!("output"),
    ") AS bigint)
    FROM counter",
    with_open_entry!("counter"),
    "
    JOIN session ON session.id = (counter.nas_id << 40 | counter.session_no) AND session.nas_id = counter.nas_id
        AND session.state = 0
    JOIN login_binding binding ON binding.login_id = session.login_id AND binding.to_at IS NULL
    WHERE counter.nas_id IN (SELECT id FROM nas WHERE ?1 IS NULL UNION SELECT nas_id FROM session
        JOIN login_binding USING (login_id) WHERE subscriber_id = ?1 AND session.state < 2)
        AND counter.state < 2 AND counter.state = 0 AND (?1 IS NULL OR binding.subscriber_id = ?1) AND ",
    on_reached!("?2", "counter.nas_id"),
    "
    GROUP BY binding.subscriber_id"
);

fn shown(row: &Row<'_>) -> Result<(Uuid, Octets), StoreError> {
    let id: String = row.get(0)?;
    let id = id.parse().map_err(|_| StoreError::Corrupt(format!("the subscriber {id} has no UUID")))?;
    Ok((id, values::octets(row, 1)?))
}

pub(super) fn octets(
    connection: &Connection<'_>,
    id: Option<Uuid>,
    reach: &Reach,
) -> Result<HashMap<Uuid, Octets>, StoreError> {
    let values = params![id.map(|id| id.to_string()), reach.rows()];
    Ok(rows::all(connection, OPEN, values, shown)?.into_iter().collect())
}
