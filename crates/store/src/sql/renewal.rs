//! Changing a subscriber and opening their next cycle.

use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::renewal_repository::{Changed, RenewalRepository, SubscriberChange, UndoneRenewal};

use super::connection::Connection;
use super::cycle_edges::{self, Routers};
use super::database::Database;
use super::value::params;
use super::{audit, bindings, cycle_open, plan, plan_edge_marks, renewal_undo, rows};

const EXPIRY: &str = "SELECT expiry_at FROM subscriber WHERE id = ?1";
const SET_NAME: &str = "UPDATE subscriber SET name = ?2 WHERE id = ?1";
const SET_SERVICE: &str = "UPDATE subscriber SET service = ?2 WHERE id = ?1";
const SET_STATUS: &str = "UPDATE subscriber SET status = ?2 WHERE id = ?1";
const SET_PLAN: &str = "UPDATE subscriber SET plan_id = ?2 WHERE id = ?1";
const SET_EXPIRY: &str = "UPDATE subscriber SET expiry_at = ?2 WHERE id = ?1";
const SET_ZONE: &str = "UPDATE subscriber SET zone = ?2 WHERE id = ?1";
const SET_NOTE: &str = "UPDATE subscriber SET note = ?2 WHERE id = ?1";
const ROUTERS: &str = "
    SELECT DISTINCT session.nas_id FROM login_binding JOIN session USING (login_id)
    WHERE subscriber_id = ?1 AND to_at IS NULL AND state < 2";

/// Beside those the routers that ever showed one and are read as late as any: a session may have begun since. One that has
/// not been read for longer is not waited for. Those that showed one last come first.
const MAY_SHOW: &str = "
    SELECT session.nas_id, min(state) < 2 FROM login_binding JOIN session USING (login_id)
    WHERE subscriber_id = ?1 AND to_at IS NULL AND (state < 2 OR session.nas_id IN (
        SELECT id FROM nas WHERE enabled = 1 AND removed_at IS NULL AND last_at >= (SELECT max(last_at) FROM nas) - 900000000))
    GROUP BY session.nas_id ORDER BY max(first_seen_at) DESC, session.nas_id";
/// So many of these are read at once for one subscriber, who may have roamed all there are. The others settle the closed
/// cycle with their next reading.
const READ_MOST: usize = 16;

#[async_trait]
impl<D: Database> RenewalRepository for D {
    async fn change_subscriber(
        &self,
        id: Uuid,
        change: SubscriberChange,
        act: NewAudit,
        renewal: NewAudit,
    ) -> Result<Changed, StoreError> {
        self.transact(move |connection| {
            let changed = apply(connection, &id.to_string(), &change, &act)?;
            audit::append(connection, if changed.renewed { &renewal } else { &act })?;
            Ok(changed)
        })
        .await
    }

    async fn undo_renewal(&self, id: Uuid, act: NewAudit) -> Result<UndoneRenewal, StoreError> {
        self.transact(move |connection| {
            let undone = renewal_undo::undo(connection, &id.to_string(), &act)?;
            audit::append(connection, &act)?;
            Ok(undone)
        })
        .await
    }

    async fn undone_renewals(&self, cycle: i64) -> Result<Vec<UndoneRenewal>, StoreError> {
        self.read(move |connection| renewal_undo::undone(connection, cycle)).await
    }

    async fn routers_of_subscriber(&self, id: Uuid) -> Result<Vec<NasId>, StoreError> {
        self.read(move |connection| may_show(connection, &id.to_string())).await
    }
}

/// Routers to read before a subscriber is renewed.
fn may_show(connection: &Connection<'_>, id: &str) -> Result<Vec<NasId>, StoreError> {
    let found =
        rows::all(connection, MAY_SHOW, params![id], |row| Ok((NasId(row.get(0)?), row.get::<bool>(1)?)))?;
    let (showing, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, shows)| *shows);
    let ids = showing.into_iter().chain(others.into_iter().take(READ_MOST)).map(|(nas, _)| nas);
    Ok(ids.collect())
}

/// Routers that show a session of the subscriber, or did in the last round but one.
pub(super) fn routers_of(connection: &Connection<'_>, id: &str) -> Result<Vec<NasId>, StoreError> {
    rows::all(connection, ROUTERS, params![id], |row| Ok(NasId(row.get(0)?)))
}

/// Changes one within the caller's transaction, and opens its next cycle if the change renews.
pub(super) fn apply(
    connection: &Connection<'_>,
    id: &str,
    change: &SubscriberChange,
    act: &NewAudit,
) -> Result<Changed, StoreError> {
    let old: Option<i64> = rows::first(connection, EXPIRY, params![id], |row| row.get(0))?
        .ok_or_else(|| StoreError::NotFound(format!("the subscriber {id}")))?;
    set_fields(connection, id, change)?;
    let new = change.expiry_at.map_or(old, |expiry| expiry.map(|at| at.0));
    let renewed = change.renews.decide(old.map(Micros), change.expiry_at.flatten(), act.at);
    let (mut cycles, mut changed) = (None, Changed::default());
    if renewed {
        let opened = cycle_open::open_next(connection, id, act.at)?;
        let is_fresh = |nas| change.fresh.contains(&nas);
        let unread =
            cycle_edges::insert(connection, &mut Routers::load(connection)?, id, &opened, act.at, is_fresh)?;
        (cycles, changed) = (Some(opened), Changed { renewed, unread });
        bindings::changed(connection)?;
        plan_edge_marks::renewed(connection, id, act.at)?;
    }
    if change.plan.is_some() || change.zone.is_some() || change.status.is_some() {
        plan_edge_marks::subscriber_changed(connection, id, act.at)?;
    }
    if renewed || new != old {
        let kind = if renewed { "renewal" } else { "correction" };
        cycle_open::journal(connection, id, kind, (act.at, &act.actor), old, cycles.as_ref())?;
    }
    Ok(changed)
}

fn set_fields(connection: &Connection<'_>, id: &str, change: &SubscriberChange) -> Result<(), StoreError> {
    let SubscriberChange { name, service, status, plan, expiry_at, zone, note, .. } = change;
    if let Some(name) = name {
        connection.execute(SET_NAME, params![id, name])?;
    }
    if let Some(service) = service {
        connection.execute(SET_SERVICE, params![id, service])?;
    }
    if let Some(status) = status {
        connection.execute(SET_STATUS, params![id, status.as_str()])?;
    }
    if let Some(name) = plan {
        let plan = name.as_ref().map(|name| plan::named(connection, name)).transpose()?;
        connection.execute(SET_PLAN, params![id, plan])?;
    }
    if let Some(expiry) = expiry_at {
        connection.execute(SET_EXPIRY, params![id, expiry.map(|at| at.0)])?;
    }
    if let Some(zone) = zone {
        connection.execute(SET_ZONE, params![id, zone])?;
    }
    if let Some(note) = note {
        connection.execute(SET_NOTE, params![id, note])?;
    }
    Ok(())
}
