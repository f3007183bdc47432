//! Which login row a name on a router belongs to.

use accounting::login::{LoginKind, LoginName, LoginRef};

use crate::accounting_repository::ResolvedLogins;
use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::{Batch, Connection};
use super::row::Row;
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
const INSERT_OWN: &str = "
    INSERT INTO login (kind, name, scope, scope_id) VALUES (?1, ?2, 'router', ?3) ON CONFLICT DO NOTHING";

/// See [`crate::AccountingRepository::resolve_logins`].
pub(super) fn resolve(
    connection: &Connection<'_>,
    nas: NasId,
    names: &[LoginName],
) -> Result<ResolvedLogins, StoreError> {
    let group = group_of(connection, nas)?;
    let names: Vec<Name<'_>> = names.iter().map(|login| (login.kind, &*login.name)).collect();
    let logins = resolve_all(connection, nas, group, &names)?;
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
    let resolved = resolve_all(connection, nas, group, &[(kind, name)])?;
    resolved
        .first()
        .copied()
        .ok_or_else(|| StoreError::Corrupt("a login was made and is not there".to_owned()))
}

/// A login's name as the router gave it, raw bytes.
type Name<'a> = (LoginKind, &'a [u8]);

/// Those that nobody is bound to are the router's own, made when lacking.
fn resolve_all(
    connection: &Connection<'_>,
    nas: NasId,
    group: Option<i64>,
    names: &[Name<'_>],
) -> Result<Vec<LoginRef>, StoreError> {
    let mut found: Vec<Option<LoginRef>> = vec![None; names.len()];
    find_bound(connection, nas, group, names, &mut found)?;
    find_own(connection, nas, names, &mut found)?;
    if found.contains(&None) {
        let mut batch = Batch::of(connection, INSERT_OWN)?;
        for ((kind, name), _) in lacking(names, &found) {
            batch.add(params![kind.as_str(), name, nas.0])?;
        }
        batch.finish()?;
        find_own(connection, nas, names, &mut found)?;
    }
    let all = found.into_iter().collect::<Option<Vec<_>>>();
    all.ok_or_else(|| StoreError::Corrupt("a login was made and is not there".to_owned()))
}

fn lacking<'n>(
    names: &'n [Name<'n>],
    found: &[Option<LoginRef>],
) -> impl Iterator<Item = (&'n Name<'n>, usize)> {
    let lacking: Vec<usize> = (0..found.len()).filter(|nth| found[*nth].is_none()).collect();
    lacking.into_iter().map(|nth| (&names[nth], nth))
}

fn find_bound(
    connection: &Connection<'_>,
    nas: NasId,
    group: Option<i64>,
    names: &[Name<'_>],
    found: &mut [Option<LoginRef>],
) -> Result<(), StoreError> {
    let mut see = |nth: usize, row: &Row<'_>| {
        found[nth] = Some(LoginRef { id: row.get(0)?, cycle: row.get(1)? });
        Ok(())
    };
    let mut asking = connection.ask_many(BOUND, &mut see)?;
    for (kind, name) in names {
        asking.add(params![kind.as_str(), name, nas.0, group])?;
    }
    asking.finish().map(drop)
}

fn find_own(
    connection: &Connection<'_>,
    nas: NasId,
    names: &[Name<'_>],
    found: &mut [Option<LoginRef>],
) -> Result<(), StoreError> {
    let asked: Vec<_> = lacking(names, found).collect();
    let mut see = |nth: usize, row: &Row<'_>| {
        found[asked[nth].1] = Some(LoginRef { id: row.get(0)?, cycle: None });
        Ok(())
    };
    let mut asking = connection.ask_many(OWN, &mut see)?;
    for ((kind, name), _) in &asked {
        asking.add(params![kind.as_str(), name, nas.0])?;
    }
    asking.finish().map(drop)
}

/// The row of the group a router belongs to.
pub(super) fn group_of(connection: &Connection<'_>, nas: NasId) -> Result<Option<i64>, StoreError> {
    let group =
        rows::first(connection, "SELECT group_id FROM nas WHERE id = ?1", params![nas.0], |row| row.get(0))?;
    group.ok_or_else(|| StoreError::NotFound(format!("the router row {nas}")))
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
