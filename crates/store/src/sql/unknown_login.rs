//! Unknown logins. The rows of a page are found at once, and each is added up by a reading of its own: a login may
//! have tens of thousands of entries.

use accounting::snapshot::Service;
use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::unknown_login_repository::{UnknownLogin, UnknownLoginQuery, UnknownLoginRepository};

use super::adoption_part::stands_for;
use super::connection::Connection;
use super::database::Database;
use super::ledger_rows::ledger_of_login;
use super::reach::{on_reached, reached};
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{from_amount, login_kind, octets};

/// Whether `entry` is one of `login` on the router `nas` that neither counts in a cycle nor was adopted.
macro_rules! is_nobodys {
    () => {
        concat!(
            "entry.login_id = login.id AND entry.nas_id = nas.id AND entry.cycle_id IS NULL AND entry.posted = 1
             AND NOT EXISTS (SELECT 1 FROM adoption WHERE adoption.login_id = login.id AND superseded_at IS NULL AND ",
            stands_for!("entry"),
            ")"
        )
    };
}

const PAGE: &str = concat!(
    "SELECT login.id
     FROM login
     CROSS JOIN nas ON nas.id = login.scope_id AND nas.removed_at IS NULL
     WHERE login.scope = 'router' AND (?1 IS NULL OR nas.name = ?1) AND ",
    reached!("?4", "nas.group_id"),
    "
       AND (?2 IS NULL OR (login.kind, login.name, login.scope, login.scope_id)
                        > (SELECT kind, name, scope, scope_id FROM login AS before WHERE before.id = ?2 AND before.scope = 'router' AND ",
    on_reached!("?4", "before.scope_id"),
    "))
       AND NOT EXISTS (SELECT 1 FROM login AS wide
                       JOIN login_binding AS bound ON bound.login_id = wide.id AND bound.to_at IS NULL
                       WHERE wide.kind = login.kind AND wide.name = login.name
                         AND (wide.id = login.id OR wide.scope = 'all'
                           OR wide.scope = 'group' AND wide.scope_id = nas.group_id))
       AND (EXISTS (SELECT 1 FROM session INDEXED BY session_login_present
                    WHERE session.login_id = login.id AND session.state < 2)
         OR EXISTS (SELECT 1 FROM ",
    ledger_of_login!(),
    " WHERE ",
    is_nobodys!(),
    "))
     ORDER BY login.kind, login.name, login.scope, login.scope_id LIMIT ?3"
);
const ONE: &str = "
    SELECT nas.name, login.kind, login.name, nas.last_at
    FROM login JOIN nas ON nas.id = login.scope_id WHERE login.id = ?1";
const ENTRIES: &str = concat!(
    "SELECT CAST(coalesce(sum(delta_input), 0) AS bigint), CAST(coalesce(sum(delta_output), 0) AS bigint), min(from_at),
            max(to_at)
     FROM login
     JOIN nas ON nas.id = login.scope_id
     JOIN ",
    ledger_of_login!(),
    " ON ",
    is_nobodys!(),
    " WHERE login.id = ?1"
);
/// An open session has no instant of its last reading: it is its router's.
const SESSIONS: &str = "
    SELECT min(first_seen_at), max(coalesce(last_seen_at, ?2)), count(*) FILTER (WHERE state = 0)
    FROM session WHERE login_id = ?1";
const LATEST_SERVICE: &str = "
    SELECT service FROM session WHERE login_id = ?1 ORDER BY first_seen_at DESC, id DESC LIMIT 1";

#[async_trait]
impl<D: Database> UnknownLoginRepository for D {
    async fn unknown_logins(&self, query: UnknownLoginQuery) -> Result<Vec<UnknownLogin>, StoreError> {
        let ids: Vec<i64> = self
            .read(move |connection| {
                let values = params![query.router, query.after, query.limit, query.reach.rows()];
                rows::all(connection, PAGE, values, |row| row.get(0))
            })
            .await?;
        let mut logins = Vec::with_capacity(ids.len());
        for id in ids {
            logins.extend(self.read(move |connection| one(connection, id)).await?);
        }
        Ok(logins)
    }
}

/// The login of that row, if anything tells when it was there.
fn one(connection: &Connection<'_>, id: i64) -> Result<Option<UnknownLogin>, StoreError> {
    let found = rows::first(connection, ONE, params![id], |row| {
        Ok((row.get(0)?, login_kind(row, 1)?, row.get(2)?, row.get::<Option<i64>>(3)?))
    })?;
    let Some((router, Some(kind), name, last_at)) = found else { return Ok(None) };
    let (octets, counted) =
        rows::first(connection, ENTRIES, params![id], |row| Ok((octets(row, 0)?, span(row, 2)?)))?
            .unwrap_or_default();
    let (shown, sessions_open) = rows::first(connection, SESSIONS, params![id, last_at], |row| {
        Ok((span(row, 0)?, from_amount(row.get(2)?)?))
    })?
    .unwrap_or_default();
    let service: Option<String> = rows::first(connection, LATEST_SERVICE, params![id], |row| row.get(0))?;
    Ok(shown.or(counted).map(|(first_seen_at, last_seen_at)| UnknownLogin {
        id,
        router,
        kind,
        name,
        service: service.as_deref().map(Service::from_name),
        octets,
        first_seen_at,
        last_seen_at,
        sessions_open,
    }))
}

/// Two columns as the first and the last instant; `None` where there was nothing.
fn span(row: &Row<'_>, at: usize) -> Result<Option<(Micros, Micros)>, StoreError> {
    let (first, last): (Option<i64>, Option<i64>) = (row.get(at)?, row.get(at + 1)?);
    Ok(first.zip(last).map(|(first, last)| (Micros(first), Micros(last))))
}
