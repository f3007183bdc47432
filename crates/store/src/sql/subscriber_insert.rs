//! Adding a subscriber: the row, the login, the binding and the first cycle.

use accounting::login::LoginName;
use accounting::time::Micros;

use crate::error::StoreError;
use crate::subscriber_repository::NewSubscriber;

use super::connection::Connection;
use super::value::params;
use super::{bindings, login_binding, plan, plan_edge_marks, rows};

const TAKEN: &str = "SELECT 1 FROM subscriber WHERE username = ?1 OR id = ?1";
const INSERT: &str = "
    INSERT INTO subscriber (id, username, name, service, plan_id, status, expiry_at, note, created_at, zone)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const OPEN_CYCLE: &str = "INSERT INTO cycle (subscriber_id, seq_no, opened_at) VALUES (?1, 1, ?2)";

/// Inserts within the caller's transaction; see [`crate::SubscriberRepository::insert_subscriber`].
pub(super) fn insert(connection: &Connection<'_>, new: &NewSubscriber, at: Micros) -> Result<(), StoreError> {
    insert_one(connection, new, at)?;
    bindings::changed(connection)
}

/// One of several: the caller says once for all that bindings changed.
pub(super) fn insert_one(
    connection: &Connection<'_>,
    new: &NewSubscriber,
    at: Micros,
) -> Result<(), StoreError> {
    refuse_taken_username(connection, new)?;
    let id = new.id.to_string();
    connection.execute(
        INSERT,
        params![
            id,
            new.username,
            new.name,
            new.service,
            new.plan.as_deref().map(|name| plan::named(connection, name)).transpose()?,
            new.status.as_str(),
            new.expiry_at.map(|at| at.0),
            new.note,
            at.0,
            new.zone,
        ],
    )?;
    let login = LoginName { kind: new.kind, name: new.login.clone().into() };
    login_binding::bind(connection, &id, (&login, &new.scope), at)?;
    connection.execute(OPEN_CYCLE, params![id, at.0])?;
    plan_edge_marks::subscriber_changed(connection, &id, at)
}

fn refuse_taken_username(connection: &Connection<'_>, new: &NewSubscriber) -> Result<(), StoreError> {
    let taken = |key: &str| rows::first(connection, TAKEN, params![key], |_| Ok(()));
    if taken(&new.username)?.is_none() && taken(&new.id.to_string())?.is_none() {
        return Ok(());
    }
    Err(StoreError::Constraint(format!(
        "there is already a subscriber {}; nothing was changed, choose another username",
        new.username
    )))
}
