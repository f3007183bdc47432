//! Which login row a name on a router belongs to.

use accounting::login::{LoginKind, LoginName, LoginRef};

use crate::accounting_repository::ResolvedLogins;
use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::Connection;
use super::value::params;
use super::{bindings, cycle_edges, enrolment, rows};

/// Every kind of login, for looking a name up whatever its kind: the rows are indexed by kind and name.
macro_rules! every_kind {
    () => {
        "('ppp', 'hotspot', 'static_ip')"
    };
}
pub(super) use every_kind;

/// The bound login of that name with the narrowest scope, and its subscriber's open cycle.
const BOUND: &str = "
    SELECT login.id, cycle.id
    FROM login
    JOIN login_binding AS bound ON bound.login_id = login.id AND bound.to_at IS NULL
    LEFT JOIN cycle ON cycle.subscriber_id = bound.subscriber_id AND cycle.closed_at IS NULL
    WHERE login.kind = ?1 AND login.name = ?2
      AND (login.scope = 'router' AND login.scope_id = ?3
        OR login.scope = 'group' AND login.scope_id = ?4
        OR login.scope = 'all')
    ORDER BY CASE login.scope WHEN 'router' THEN 0 WHEN 'group' THEN 1 ELSE 2 END
    LIMIT 1";
const OWN: &str = "SELECT id FROM login WHERE kind = ?1 AND name = ?2 AND scope = 'router' AND scope_id = ?3";
const INSERT_OWN: &str =
    "INSERT INTO login (kind, name, scope, scope_id) VALUES (?1, ?2, 'router', ?3) RETURNING id";

/// See [`crate::AccountingRepository::resolve_logins`].
pub(super) fn resolve(
    connection: &Connection<'_>,
    nas: NasId,
    names: &[LoginName],
) -> Result<ResolvedLogins, StoreError> {
    let group = group_of(connection, nas)?;
    let logins = names
        .iter()
        .map(|login| resolve_one(connection, nas, group, login.kind, &login.name))
        .collect::<Result<Vec<_>, _>>()?;
    let version = bindings::version(connection)?;
    let edges = cycle_edges::of_router(connection, nas, &logins)?;
    let enrolled = enrolment::of_router(connection, nas)?;
    Ok(ResolvedLogins { version, logins, enrolled, edges })
}

/// One name's login; see [`crate::AccountingRepository::resolve_logins`].
pub(super) fn resolve_one(
    connection: &Connection<'_>,
    nas: NasId,
    group: Option<i64>,
    kind: LoginKind,
    name: &[u8],
) -> Result<LoginRef, StoreError> {
    let bound = rows::first(connection, BOUND, params![kind.as_str(), name, nas.0, group], |row| {
        Ok(LoginRef { id: row.get(0)?, cycle: row.get(1)? })
    })?;
    match bound {
        Some(login) => Ok(login),
        None => own(connection, nas, kind, name),
    }
}

/// The row of the group a router belongs to.
pub(super) fn group_of(connection: &Connection<'_>, nas: NasId) -> Result<Option<i64>, StoreError> {
    let group =
        rows::first(connection, "SELECT group_id FROM nas WHERE id = ?1", params![nas.0], |row| row.get(0))?;
    group.ok_or_else(|| StoreError::NotFound(format!("the router row {nas}")))
}

fn own(
    connection: &Connection<'_>,
    nas: NasId,
    kind: LoginKind,
    name: &[u8],
) -> Result<LoginRef, StoreError> {
    let key = params![kind.as_str(), name, nas.0];
    let known = rows::first(connection, OWN, key, |row| row.get(0))?;
    let id = match known {
        Some(id) => id,
        None => rows::insert(connection, INSERT_OWN, key)?,
    };
    Ok(LoginRef { id, cycle: None })
}

#[cfg(test)]
mod tests {
    use accounting::login::LOGIN_KINDS;

    #[test]
    fn every_kind_is_every_kind() {
        let names: Vec<String> = LOGIN_KINDS.iter().map(|(_, name)| format!("'{name}'")).collect();
        assert_eq!(every_kind!(), format!("({})", names.join(", ")));
    }
}
