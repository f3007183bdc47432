//! Noting that a next edge is to be worked out anew, because what decides it changed.

use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::Connection;
use super::value::params;

/// Lets the next edge be worked out anew from ?2 on, except that one which is due is passed first.
macro_rules! anew_where {
    ($condition:literal) => {
        concat!(
            "UPDATE subscriber SET edge_at = ?2, edge_known = 0
             WHERE NOT (edge_known = 1 AND edge_at <= ?2)
               AND (edge_at IS NOT NULL
                 OR EXISTS (SELECT 1 FROM plan WHERE plan.id = plan_id AND plan.cycle <> 'renewal'))
               AND ",
            $condition
        )
    };
}
const SUBSCRIBER_ANEW: &str = anew_where!("id = ?1");
const PLAN_ANEW: &str = anew_where!("plan_id = (SELECT id FROM plan WHERE name = ?1)");
const ROUTER_ANEW: &str = anew_where!(
    "zone IS NULL AND id IN (
         SELECT subscriber_id FROM login JOIN login_binding ON login_id = login.id
         WHERE scope = 'router' AND scope_id = ?1 AND to_at IS NULL)"
);
/// A renewal counts for an edge that was due when it was made.
const RENEWED: &str = "
    UPDATE subscriber SET edge_at = ?2, edge_known = 0 WHERE id = ?1 AND edge_at IS NOT NULL";

/// What decides a subscriber's next edge changed.
pub(super) fn subscriber_changed(
    connection: &Connection<'_>,
    id: &str,
    at: Micros,
) -> Result<(), StoreError> {
    connection.execute(SUBSCRIBER_ANEW, params![id, at.0])?;
    Ok(())
}

/// A subscriber was renewed, so their next edge is another one.
pub(super) fn renewed(connection: &Connection<'_>, id: &str, at: Micros) -> Result<(), StoreError> {
    connection.execute(RENEWED, params![id, at.0])?;
    Ok(())
}

/// The plan of that name has another cycle.
pub(super) fn plan_changed(connection: &Connection<'_>, name: &str, at: Micros) -> Result<(), StoreError> {
    connection.execute(PLAN_ANEW, params![name, at.0])?;
    Ok(())
}

/// A router has another zone.
pub(super) fn router_changed(connection: &Connection<'_>, nas: NasId, at: Micros) -> Result<(), StoreError> {
    connection.execute(ROUTER_ANEW, params![nas.0, at.0])?;
    Ok(())
}
