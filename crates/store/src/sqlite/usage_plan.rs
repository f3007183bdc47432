//! Which rows a usage question is about.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use accounting::login::LoginName;
use accounting::time::Micros;
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::tally::Tally;
use crate::usage_repository::UsageQuery;

use super::accounting_logins::every_kind;
use super::adoption_part::{self, AdoptedPart};
use super::keys::keys_of;
use super::rows;
use super::values::login_kind;

const ROUTERS: &str = "SELECT id, name, last_at FROM nas WHERE ?1 IS NULL OR name = ?1";
const COVERED_FROM: &str = "SELECT from_at FROM coverage WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1";
const LOGINS_OF_NAME: &str = concat!("SELECT id FROM login WHERE kind IN ", every_kind!(), " AND name = ?1");
const LOGINS_OF_SUBSCRIBER: &str = "SELECT DISTINCT login_id FROM login_binding WHERE subscriber_id = ?1";
const CYCLES: &str = "SELECT id FROM cycle WHERE subscriber_id = ?1";
const LOGIN: &str = "SELECT kind, name FROM login WHERE id = ?1";

/// Sums by router and login row.
pub(super) type Sums = HashMap<(i64, Option<i64>), Tally>;

/// A router that may have something to add.
#[derive(Clone, Debug)]
pub(super) struct Router {
    /// Its row.
    pub(super) id: i64,
    /// Its name.
    pub(super) name: String,
    /// Our clock at its last committed round.
    pub(super) last_at: Option<Micros>,
    /// Since when it is covered; sessions are not observed before.
    pub(super) covered_from: Option<Micros>,
}

impl Router {
    /// The part of a window that is covered: what was before the first look at the router was not observed.
    pub(super) fn covered(&self, window: &Range<Micros>) -> Range<Micros> {
        window.start.max(self.covered_from.unwrap_or(window.start))..window.end
    }
}

/// What a question is about.
#[derive(Debug)]
pub(super) struct Plan {
    /// Routers asked about, removed ones included.
    pub(super) routers: Vec<Router>,
    /// Only these login rows; `None` = all, and the nobody's.
    pub(super) logins: Option<Arc<HashSet<i64>>>,
    /// Only lines of these cycles, and held ones; `None` = all.
    pub(super) cycles: Option<Arc<HashSet<i64>>>,
    /// Login rows of which some lines without a cycle count too, because they were adopted.
    pub(super) adopted: Arc<HashMap<i64, AdoptedPart>>,
    /// The adopted lines count, in place of those they stand for.
    pub(super) counts_adopted: bool,
}

/// Finds the rows a question is about.
pub(super) fn plan(connection: &Connection, query: &UsageQuery) -> Result<Plan, StoreError> {
    let by_name = query.username.as_ref().map(|name| ids(connection, LOGINS_OF_NAME, name)).transpose()?;
    let subscriber = query.subscriber.as_ref().map(Uuid::to_string);
    let by_subscriber =
        subscriber.as_ref().map(|id| ids(connection, LOGINS_OF_SUBSCRIBER, id)).transpose()?;
    let adopted = subscriber.as_ref().map(|id| adoption_part::of_subscriber(connection, id));
    let adopted = adopted.transpose()?.unwrap_or_default();
    let by_subscriber = by_subscriber.map(|bound| bound.into_iter().chain(adopted.keys().copied()).collect());
    let logins = match (by_name, by_subscriber) {
        (Some(named), Some(bound)) => Some(named.intersection(&bound).copied().collect()),
        (one, other) => one.or(other),
    };
    Ok(Plan {
        routers: routers(connection, query.router.as_deref())?,
        logins: logins.map(Arc::new),
        cycles: subscriber.map(|id| ids(connection, CYCLES, &id)).transpose()?.map(Arc::new),
        adopted: Arc::new(adopted),
        counts_adopted: false,
    })
}

/// The routers of a name, or all.
fn routers(connection: &Connection, name: Option<&str>) -> Result<Vec<Router>, StoreError> {
    rows::all(connection, ROUTERS, [name], |row| router(connection, row))
}

/// Whose login row that is.
pub(super) fn login(connection: &Connection, login: i64) -> Result<LoginName, StoreError> {
    let found = rows::first(connection, LOGIN, [login], |row| {
        Ok(login_kind(row, 0)?.zip(Some(row.get(1)?)).map(|(kind, name)| LoginName { kind, name }))
    })?;
    found.flatten().ok_or_else(|| StoreError::Corrupt(format!("the login row {login} is gone")))
}

fn router(connection: &Connection, row: &Row<'_>) -> Result<Router, StoreError> {
    let id = row.get(0)?;
    Ok(Router {
        id,
        name: row.get(1)?,
        last_at: row.get::<_, Option<i64>>(2)?.map(Micros),
        covered_from: covered_from(connection, NasId(id))?,
    })
}

/// Since when a router is covered.
pub(super) fn covered_from(connection: &Connection, nas: NasId) -> Result<Option<Micros>, StoreError> {
    let keys = keys_of(nas)?;
    rows::first(connection, COVERED_FROM, [keys.start(), keys.end()], |row| Ok(Micros(row.get(0)?)))
}

fn ids(connection: &Connection, sql: &str, key: impl rusqlite::ToSql) -> Result<HashSet<i64>, StoreError> {
    let found = rows::all(connection, sql, [key], |row| Ok(row.get(0)?))?;
    Ok(found.into_iter().collect())
}
