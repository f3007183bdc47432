//! A subscriber's row and what hangs on it.

use accounting::time::Micros;
use uuid::Uuid;

use crate::error::StoreError;
use crate::reach::Reach;
use crate::subscriber_repository::{
    BoundLogin, CycleOpening, CycleTotals, Scope, Subscriber, SubscriberStatus,
};

use super::connection::Connection;
use super::reach::{on_reached, reached};
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{from_amount, login_kind, octets};

/// The zone of the router that a login of the row's subscriber is bound to.
macro_rules! router_zone {
    () => {
        "(SELECT nas.zone FROM login_binding AS bound
          JOIN login ON login.id = bound.login_id AND login.scope = 'router'
          JOIN nas ON nas.id = login.scope_id
          WHERE bound.subscriber_id = subscriber.id AND bound.to_at IS NULL AND nas.zone IS NOT NULL
          ORDER BY bound.id LIMIT 1)"
    };
}
pub(super) use router_zone;

/// The columns in the order [`subscriber`] reads them.
macro_rules! subscribers_where {
    ($($condition:expr),+ $(,)?) => {
        concat!(
            "SELECT subscriber.id, username, subscriber.name, service, plan.name, status, expiry_at, note, created_at,
                    zone, CASE WHEN edge_known = 1 THEN edge_at END, ",
            router_zone!(),
            "
             FROM subscriber LEFT JOIN plan ON plan.id = subscriber.plan_id
             WHERE ",
            $($condition),+
        )
    };
}
pub(super) use subscribers_where;

/// What the row's cycle moved, on all routers, with the cycles that count with it. A list of subscribers asks this of each, so
/// parts come first, by their own indexes, and their rows by the index on the cycle.
macro_rules! moved_in_cycle {
    ($direction:literal) => {
        concat!(
            "(SELECT CAST(coalesce(sum(moved.",
            $direction,
            "_octets), 0) AS bigint)
              FROM cycle AS part CROSS JOIN cycle_total AS moved ON moved.cycle_id = part.id
              WHERE part.id = cycle.id OR part.continues = cycle.id)"
        )
    };
}
pub(super) use moved_in_cycle;

/// The columns in the order [`cycle`] reads them. The cycles of undone renewals count with the one they continue, and
/// are no cycles of their own.
macro_rules! cycles_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, seq_no, opened_at,
                    CASE WHEN EXISTS (SELECT 1 FROM cycle AS later WHERE later.continues = cycle.id)
                         THEN (SELECT later.closed_at FROM cycle AS later WHERE later.continues = cycle.id
                               ORDER BY later.seq_no DESC LIMIT 1)
                         ELSE closed_at END,
                    ",
            moved_in_cycle!("input"),
            ",
                    ",
            moved_in_cycle!("output"),
            ",
                    (SELECT count(*) FROM (
                         SELECT nas_id FROM cycle_edge WHERE cycle_id = cycle.id OR cycle_id IN (
                             SELECT later.id FROM cycle AS later WHERE later.continues = cycle.id)
                         UNION
                         SELECT nas_id FROM edge_group_cycle JOIN edge_group_router USING (group_id)
                         WHERE cycle_id = cycle.id OR cycle_id IN (
                             SELECT later.id FROM cycle AS later WHERE later.continues = cycle.id)) AS unread),
                    (SELECT kind FROM renewal WHERE opened_cycle = cycle.id),
                    (SELECT count(*) FROM cycle AS later WHERE later.continues = cycle.id),
                    (SELECT CAST(coalesce(sum(CASE WHEN cancels IS NULL THEN credit.input_octets ELSE -credit.input_octets END), 0) AS bigint)
                     FROM credit WHERE cycle_id = cycle.id OR cycle_id IN (
                         SELECT later.id FROM cycle AS later WHERE later.continues = cycle.id)),
                    (SELECT CAST(coalesce(sum(CASE WHEN cancels IS NULL THEN credit.output_octets ELSE -credit.output_octets END), 0) AS bigint)
                     FROM credit WHERE cycle_id = cycle.id OR cycle_id IN (
                         SELECT later.id FROM cycle AS later WHERE later.continues = cycle.id))
             FROM cycle WHERE continues IS NULL AND ",
            $condition
        )
    };
}
pub(super) use cycles_where;

const OPEN_CYCLE: &str = cycles_where!(
    "id = (SELECT coalesce(open.continues, open.id) FROM cycle AS open
           WHERE open.subscriber_id = ?1 AND open.closed_at IS NULL)"
);
const LOGINS: &str = concat!(
    "
    SELECT login.name, login.scope, coalesce(nas.name, nas_group.name), from_at, login.kind
    FROM login_binding
    JOIN login ON login.id = login_id
    LEFT JOIN nas ON scope = 'router' AND nas.id = scope_id
    LEFT JOIN nas_group ON scope = 'group' AND nas_group.id = scope_id
    WHERE subscriber_id = ?1 AND to_at IS NULL
      AND (scope = 'all' OR scope = 'router' AND ",
    reached!("?2", "nas.group_id"),
    " OR scope = 'group' AND ",
    reached!("?2", "nas_group.id"),
    ")
    ORDER BY login_binding.id"
);
const SESSIONS_OPEN: &str = concat!(
    "
    SELECT count(*) FROM login_binding
    JOIN session ON session.login_id = login_binding.login_id AND state = 0
    WHERE subscriber_id = ?1 AND to_at IS NULL AND ",
    on_reached!("?2", "session.nas_id")
);

/// A subscriber without logins, cycle and sessions.
pub(super) fn subscriber(row: &Row<'_>) -> Result<Subscriber, StoreError> {
    let id: String = row.get(0)?;
    let status: String = row.get(5)?;
    Ok(Subscriber {
        id: Uuid::parse_str(&id).map_err(|_| StoreError::Corrupt(format!("a subscriber has the id {id}")))?,
        username: row.get(1)?,
        name: row.get(2)?,
        service: row.get(3)?,
        plan: row.get(4)?,
        status: SubscriberStatus::from_name(&status)
            .ok_or_else(|| StoreError::Corrupt(format!("a subscriber has the status {status}")))?,
        expiry_at: row.get::<Option<i64>>(6)?.map(Micros),
        note: row.get(7)?,
        created_at: Micros(row.get(8)?),
        zone: row.get(9)?,
        next_cycle_at: row.get::<Option<i64>>(10)?.map(Micros),
        router_zone: row.get(11)?,
        logins: Vec::new(),
        cycle: None,
        sessions_open: 0,
    })
}

/// Adds cycle, logins and sessions, as far as they are of routers that are reached.
pub(super) fn complete(
    connection: &Connection<'_>,
    subscriber: &mut Subscriber,
    reach: &Reach,
) -> Result<(), StoreError> {
    let id = subscriber.id.to_string();
    subscriber.logins = rows::all(connection, LOGINS, params![&id, reach.rows()], bound_login)?;
    subscriber.cycle = rows::first(connection, OPEN_CYCLE, params![&id], cycle)?;
    let open =
        rows::first(connection, SESSIONS_OPEN, params![&id, reach.rows()], |row| from_amount(row.get(0)?))?;
    subscriber.sessions_open = open.unwrap_or_default();
    Ok(())
}

/// The logins that are a subscriber's now, the one bound first before the others.
pub(super) fn logins(connection: &Connection<'_>, subscriber: &str) -> Result<Vec<BoundLogin>, StoreError> {
    rows::all(connection, LOGINS, params![subscriber, None::<String>], bound_login)
}

/// A cycle of the columns of [`cycles_where`].
pub(super) fn cycle(row: &Row<'_>) -> Result<CycleTotals, StoreError> {
    Ok(CycleTotals {
        id: row.get(0)?,
        seq_no: row.get(1)?,
        opened_at: Micros(row.get(2)?),
        closed_at: row.get::<Option<i64>>(3)?.map(Micros),
        octets: octets(row, 4)?,
        unsettled: row.get(6)?,
        undone_renewals: row.get(8)?,
        credited: octets(row, 9)?,
        opened_by: opened_by(row.get::<Option<String>>(7)?.as_deref())?,
    })
}

fn opened_by(kind: Option<&str>) -> Result<CycleOpening, StoreError> {
    match kind {
        None => Ok(CycleOpening::Creation),
        Some("renewal") => Ok(CycleOpening::Renewal),
        Some("plan") => Ok(CycleOpening::Plan),
        Some(other) => Err(StoreError::Corrupt(format!("a cycle was opened by a {other}"))),
    }
}

fn bound_login(row: &Row<'_>) -> Result<BoundLogin, StoreError> {
    let (scope, place): (String, Option<String>) = (row.get(1)?, row.get(2)?);
    let scope = match (scope.as_str(), place) {
        ("all", _) => Scope::All,
        ("group", Some(group)) => Scope::Group(group),
        ("router", Some(router)) => Scope::Router(router),
        _ => return Err(StoreError::Corrupt(format!("a login has the scope {scope} of nothing"))),
    };
    let kind = login_kind(row, 4)?.ok_or_else(|| StoreError::Corrupt("a login has no kind".to_owned()))?;
    Ok(BoundLogin { kind, name: row.get(0)?, scope, from: Micros(row.get(3)?) })
}
