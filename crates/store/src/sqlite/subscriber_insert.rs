//! Adding a subscriber: the row, the login, the binding and the first cycle.

use accounting::login::LoginKind;
use accounting::time::Micros;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::subscriber_repository::{NewSubscriber, Scope};

use super::nas_rows::{self, NAME_IS, nas};
use super::{bindings, plan, plan_edge_marks, rows};

const TAKEN: &str = "SELECT 1 FROM subscriber WHERE username = ?1 OR id = ?1";
const INSERT: &str = "
    INSERT INTO subscriber (id, username, name, service, plan_id, status, expiry_at, note, created_at, zone)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const LOGIN: &str = "SELECT id FROM login WHERE kind = ?1 AND name = ?2 AND scope = ?3 AND scope_id = ?4";
const INSERT_LOGIN: &str = "INSERT INTO login (kind, name, scope, scope_id) VALUES (?1, ?2, ?3, ?4)";
const OWNER: &str = "
    SELECT username FROM login_binding JOIN subscriber ON subscriber.id = subscriber_id
    WHERE login_id = ?1 AND to_at IS NULL";
const BIND: &str = "INSERT INTO login_binding (login_id, subscriber_id, from_at) VALUES (?1, ?2, ?3)";
const OPEN_CYCLE: &str = "INSERT INTO cycle (subscriber_id, seq_no, opened_at) VALUES (?1, 1, ?2)";

/// Inserts within the caller's transaction; see [`crate::SubscriberRepository::insert_subscriber`].
pub(super) fn insert(connection: &Connection, new: &NewSubscriber, at: Micros) -> Result<(), StoreError> {
    insert_one(connection, new, at)?;
    bindings::changed(connection)
}

/// One of several: the caller says once for all that bindings changed.
pub(super) fn insert_one(connection: &Connection, new: &NewSubscriber, at: Micros) -> Result<(), StoreError> {
    refuse_taken_username(connection, new)?;
    let id = new.id.to_string();
    connection.prepare_cached(INSERT)?.execute(params![
        id,
        new.username,
        new.name,
        new.service,
        plan_of(connection, new)?,
        new.status.as_str(),
        new.expiry_at.map(|at| at.0),
        new.note,
        at.0,
        new.zone,
    ])?;
    let login = login(connection, new)?;
    refuse_bound(connection, login)?;
    connection.prepare_cached(BIND)?.execute(params![login, id, at.0])?;
    connection.prepare_cached(OPEN_CYCLE)?.execute(params![id, at.0])?;
    plan_edge_marks::subscriber_changed(connection, &id, at)
}

fn refuse_taken_username(connection: &Connection, new: &NewSubscriber) -> Result<(), StoreError> {
    let taken = |key: &str| rows::first(connection, TAKEN, [key], |_| Ok(()));
    if taken(&new.username)?.is_none() && taken(&new.id.to_string())?.is_none() {
        return Ok(());
    }
    Err(StoreError::Constraint(format!(
        "there is already a subscriber {}; nothing was changed, choose another username",
        new.username
    )))
}

fn plan_of(connection: &Connection, new: &NewSubscriber) -> Result<Option<i64>, StoreError> {
    let Some(name) = &new.plan else { return Ok(None) };
    let plan = plan::id_of(connection, name)?;
    plan.map(Some).ok_or_else(|| StoreError::NotFound(format!("the plan {name}")))
}

fn login(connection: &Connection, new: &NewSubscriber) -> Result<i64, StoreError> {
    let (scope, scope_id) = place(connection, &new.scope)?;
    match find_login(connection, new.kind, &new.login, (scope, scope_id))? {
        Some(login) => Ok(login),
        None => {
            let key = params![new.kind.as_str(), new.login, scope, scope_id];
            Ok(connection.prepare_cached(INSERT_LOGIN)?.insert(key)?)
        }
    }
}

/// The row of a login, by its kind, its name and [`place`].
pub(super) fn find_login(
    connection: &Connection,
    kind: LoginKind,
    name: &[u8],
    (scope, scope_id): (&'static str, i64),
) -> Result<Option<i64>, StoreError> {
    let key = params![kind.as_str(), name, scope, scope_id];
    rows::first(connection, LOGIN, key, |row| Ok(row.get(0)?))
}

/// How a scope is stored; `NotFound` when there is no such router or group.
pub(super) fn place(connection: &Connection, scope: &Scope) -> Result<(&'static str, i64), StoreError> {
    match scope {
        Scope::All => Ok(("all", 0)),
        Scope::Group(name) => {
            let group = nas_rows::group(connection, name)?;
            Ok(("group", group.ok_or_else(|| StoreError::NotFound(format!("the group {name}")))?))
        }
        Scope::Router(name) => {
            let router = rows::first(connection, NAME_IS, [name], nas)?;
            Ok(("router", router.ok_or_else(|| StoreError::NotFound(format!("the router {name}")))?.id.0))
        }
    }
}

/// The username of the subscriber a login is bound to.
pub(super) fn owner(connection: &Connection, login: i64) -> Result<Option<String>, StoreError> {
    rows::first(connection, OWNER, [login], |row| Ok(row.get(0)?))
}

fn refuse_bound(connection: &Connection, login: i64) -> Result<(), StoreError> {
    match owner(connection, login)? {
        None => Ok(()),
        Some(owner) => Err(StoreError::Constraint(format!(
            "that login is the subscriber {owner}'s already; nothing was changed, give another login or router"
        ))),
    }
}
