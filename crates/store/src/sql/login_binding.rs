//! Binding logins: to a new subscriber, to one there is, and no longer.

use accounting::login::{LoginKind, LoginName};
use accounting::source::source_of_login;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::binding_repository::{BindingRepository, RouterOfLogin};
use crate::error::{Named, StoreError};
use crate::ids::NasId;
use crate::subscriber_repository::Scope;

use super::connection::Connection;
use super::database::Database;
use super::nas_rows::{self, NAME_IS, nas};
use super::row::Row;
use super::value::params;
use super::{audit, bindings, cycle_edges, enrolment, plan_edge_marks, rows};

const KNOWN: &str = "SELECT 1 FROM subscriber WHERE id = ?1";
const LOGIN: &str = "SELECT id FROM login WHERE kind = ?1 AND name = ?2 AND scope = ?3 AND scope_id = ?4";
const INSERT_LOGIN: &str =
    "INSERT INTO login (kind, name, scope, scope_id) VALUES (?1, ?2, ?3, ?4) RETURNING id";
const OWNER: &str = "
    SELECT username FROM login_binding JOIN subscriber ON subscriber.id = subscriber_id
    WHERE login_id = ?1 AND to_at IS NULL";
const BIND: &str = "INSERT INTO login_binding (login_id, subscriber_id, from_at) VALUES (?1, ?2, ?3)";
const ROUTERS: &str = "
    SELECT nas.id, nas.name, max(state) = 0 AND not_looked_in & ?3 = 0 FROM login
    JOIN session INDEXED BY session_login_present ON session.login_id = login.id AND state < 2
    JOIN nas ON nas.id = session.nas_id
    WHERE login.kind = ?1 AND login.name = ?2 GROUP BY nas.id ORDER BY nas.name";
const UNBIND: &str =
    "UPDATE login_binding SET to_at = ?3 WHERE login_id = ?1 AND subscriber_id = ?2 AND to_at IS NULL";

#[async_trait]
impl<D: Database> BindingRepository for D {
    async fn bind_login(
        &self,
        subscriber: Uuid,
        login: LoginName,
        scope: Scope,
        act: NewAudit,
    ) -> Result<(), StoreError> {
        self.transact(move |connection| {
            bind_to_known(connection, &subscriber.to_string(), (&login, &scope), &act).map(|_| ())
        })
        .await
    }

    async fn unbind_login(
        &self,
        subscriber: Uuid,
        login: LoginName,
        scope: Scope,
        act: NewAudit,
    ) -> Result<(), StoreError> {
        self.transact(move |connection| {
            let id = subscriber.to_string();
            let place = place(connection, &scope)?;
            let ended = match find_login(connection, login.kind, &login.name, place)? {
                Some(login) => connection.execute(UNBIND, params![login, id, act.at.0])?,
                None => 0,
            };
            if ended == 0 {
                return Err(StoreError::NoSuch(Named::Login));
            }
            changed(connection, &id, &act)
        })
        .await
    }

    async fn routers_of_login(&self, login: LoginName) -> Result<Vec<RouterOfLogin>, StoreError> {
        self.read(move |connection| {
            let table = cycle_edges::bit(source_of_login(&login));
            let router = |row: &Row<'_>| {
                Ok(RouterOfLogin { nas: NasId(row.get(0)?), name: row.get(1)?, shown: row.get(2)? })
            };
            rows::all(connection, ROUTERS, params![login.kind.as_str(), login.name, table], router)
        })
        .await
    }
}

fn changed(connection: &Connection<'_>, subscriber: &str, act: &NewAudit) -> Result<(), StoreError> {
    bindings::changed(connection)?;
    plan_edge_marks::subscriber_changed(connection, subscriber, act.at)?;
    audit::append(connection, act)
}

/// Binds a login to a subscriber there is, within the caller's transaction; answers the login's row.
pub(super) fn bind_to_known(
    connection: &Connection<'_>,
    subscriber: &str,
    login: (&LoginName, &Scope),
    act: &NewAudit,
) -> Result<i64, StoreError> {
    if rows::first(connection, KNOWN, params![subscriber], |_| Ok(()))?.is_none() {
        return Err(StoreError::NotFound(format!("the subscriber {subscriber}")));
    }
    let row = bind(connection, subscriber, login, act.at)?;
    changed(connection, subscriber, act)?;
    Ok(row)
}

/// Binds a login that is nobody's; answers its row. The caller says that bindings changed.
pub(super) fn bind(
    connection: &Connection<'_>,
    subscriber: &str,
    (login, scope): (&LoginName, &Scope),
    at: Micros,
) -> Result<i64, StoreError> {
    let (scope, scope_id) = place(connection, scope)?;
    let row = match find_login(connection, login.kind, &login.name, (scope, scope_id))? {
        Some(row) => row,
        None => {
            let key = params![login.kind.as_str(), login.name, scope, scope_id];
            rows::insert(connection, INSERT_LOGIN, key)?
        }
    };
    if let Some(owner) = owner(connection, row)? {
        return Err(StoreError::Constraint(format!(
            "that login is the subscriber {owner}'s already; nothing was changed, give another login or router"
        )));
    }
    enrolment::enrol(connection, (row, login), (scope, scope_id))?;
    connection.execute(BIND, params![row, subscriber, at.0])?;
    Ok(row)
}

/// The row of a login, by its kind, its name and [`place`].
pub(super) fn find_login(
    connection: &Connection<'_>,
    kind: LoginKind,
    name: &[u8],
    (scope, scope_id): (&'static str, i64),
) -> Result<Option<i64>, StoreError> {
    let key = params![kind.as_str(), name, scope, scope_id];
    rows::first(connection, LOGIN, key, |row| row.get(0))
}

/// How a scope is stored; `NoSuch` when there is no such router or group.
pub(super) fn place(connection: &Connection<'_>, scope: &Scope) -> Result<(&'static str, i64), StoreError> {
    match scope {
        Scope::All => Ok(("all", 0)),
        Scope::Group(name) => {
            let group = nas_rows::group(connection, name)?;
            Ok(("group", group.ok_or_else(|| StoreError::NoSuch(Named::Group(name.clone())))?))
        }
        Scope::Router(name) => {
            let router = rows::first(connection, NAME_IS, params![name], nas)?;
            Ok(("router", router.ok_or_else(|| StoreError::NoSuch(Named::Router(name.clone())))?.id.0))
        }
    }
}

/// The username of the subscriber a login is bound to.
pub(super) fn owner(connection: &Connection<'_>, login: i64) -> Result<Option<String>, StoreError> {
    rows::first(connection, OWNER, params![login], |row| row.get(0))
}
