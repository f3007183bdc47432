//! Which rows a usage question is about.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use accounting::login::LoginName;
use accounting::source::source_of_login;
use accounting::table::Table;
use accounting::time::Micros;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;
use crate::tally::Tally;
use crate::usage_repository::UsageQuery;

use super::accounting_logins::every_kind;
use super::adoption_part::{self, AdoptedPart};
use super::connection::Connection;
use super::coverage::Looks;
use super::reach::reached;
use super::row::Row;
use super::rows;
use super::value::{ToValue, params};
use super::values::login_kind;

const ROUTERS: &str = concat!(
    "SELECT id, name, last_at FROM nas WHERE (?1 IS NULL OR name = ?1) AND ",
    reached!("?2", "nas.group_id")
);
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
    /// When its sources were read: sessions are not observed before that, nor after.
    pub(super) looks: Looks,
}

impl Router {
    /// When the sessions of a source were read last: at the router's last round, unless the source could not be read.
    pub(super) fn last_look(&self, source: Table) -> Option<Micros> {
        last_look(&self.looks, self.last_at, source)
    }
}

/// See [`Router::last_look`]; `last_at`: the router's last round.
pub(super) fn last_look(looks: &Looks, last_at: Option<Micros>, source: Table) -> Option<Micros> {
    let last_at = last_at?;
    Some(looks.last(source).map_or(last_at, |look| look.min(last_at)))
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
pub(super) fn plan(connection: &Connection<'_>, query: &UsageQuery) -> Result<Plan, StoreError> {
    let by_name = query.username.as_ref().map(|name| ids(connection, LOGINS_OF_NAME, name)).transpose()?;
    let subscriber = query.subscriber.as_ref().map(Uuid::to_string);
    let by_subscriber = subscriber.as_ref().map(|id| logins_of(connection, id)).transpose()?;
    let adopted = subscriber.as_ref().map(|id| adoption_part::of_subscriber(connection, id));
    let logins = match (by_name, by_subscriber) {
        (Some(named), Some(bound)) => Some(named.intersection(&bound).copied().collect()),
        (one, other) => one.or(other),
    };
    Ok(Plan {
        routers: routers(connection, query.router.as_deref(), &query.reach)?,
        logins: logins.map(Arc::new),
        cycles: subscriber.map(|id| ids(connection, CYCLES, &id)).transpose()?.map(Arc::new),
        adopted: Arc::new(adopted.transpose()?.unwrap_or_default()),
        counts_adopted: false,
    })
}

/// The login rows that were ever a subscriber's, and those of what they adopted.
pub(super) fn logins_of(connection: &Connection<'_>, subscriber: &str) -> Result<HashSet<i64>, StoreError> {
    let mut logins = ids(connection, LOGINS_OF_SUBSCRIBER, subscriber)?;
    logins.extend(adoption_part::of_subscriber(connection, subscriber)?.into_keys());
    Ok(logins)
}

/// The reached routers of a name, or all that are reached.
fn routers(
    connection: &Connection<'_>,
    name: Option<&str>,
    reach: &Reach,
) -> Result<Vec<Router>, StoreError> {
    rows::all(connection, ROUTERS, params![name, reach.rows()], |row| router(connection, row))
}

/// Whose login row this is; `None`: there is none.
pub(super) fn name_of(connection: &Connection<'_>, login: i64) -> Result<Option<LoginName>, StoreError> {
    let found =
        rows::first(connection, LOGIN, params![login], |row| Ok(login_kind(row, 0)?.zip(Some(row.get(1)?))))?;
    Ok(found.flatten().map(|(kind, name)| LoginName { kind, name }))
}

/// Whose login rows these are.
pub(super) fn names(
    connection: &Connection<'_>,
    logins: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, LoginName>, StoreError> {
    // In the order of login rows: names that are looked up one after the other lie on one page.
    let logins: Vec<i64> = logins.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut names = HashMap::with_capacity(logins.len());
    let mut see = |nth: usize, row: &Row<'_>| {
        let kind = login_kind(row, 0)?;
        names.extend(kind.zip(Some(row.get(1)?)).map(|(kind, name)| (logins[nth], LoginName { kind, name })));
        Ok(())
    };
    let mut asking = connection.ask_many(LOGIN, &mut see)?;
    logins.iter().try_for_each(|login| asking.add(params![login]))?;
    asking.finish()?;
    match logins.iter().find(|login| !names.contains_key(login)) {
        Some(lost) => Err(StoreError::Corrupt(format!("the login row {lost} is gone"))),
        None => Ok(names),
    }
}

/// The source that shows the sessions of a login row.
pub(super) fn source_of(connection: &Connection<'_>, row: i64) -> Result<Table, StoreError> {
    let name = names(connection, [row])?.remove(&row);
    Ok(name.as_ref().map_or(Table::Interface, source_of_login))
}

fn router(connection: &Connection<'_>, row: &Row<'_>) -> Result<Router, StoreError> {
    let id = row.get(0)?;
    Ok(Router {
        id,
        name: row.get(1)?,
        last_at: row.get::<Option<i64>>(2)?.map(Micros),
        looks: Looks::of(connection, NasId(id))?,
    })
}

fn ids(
    connection: &Connection<'_>,
    sql: &'static str,
    key: impl ToValue,
) -> Result<HashSet<i64>, StoreError> {
    let found = rows::all(connection, sql, params![key], |row| row.get(0))?;
    Ok(found.into_iter().collect())
}
