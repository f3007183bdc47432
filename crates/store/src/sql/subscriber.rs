//! Subscribers.

use std::collections::HashMap;

use accounting::Octets;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::reach::Reach;
use crate::subscriber_repository::{CycleTotals, NewSubscriber, Subscriber, SubscriberRepository};

use super::connection::Connection;
use super::database::Database;
use super::reach::{on_reached, subscriber_reached};
use super::subscriber_rows::{self, cycle, cycles_where, moved_in_cycle, router_zone, subscribers_where};
use super::value::{Values, params};
use super::values::from_amount;
use super::{audit, rows, subscriber_insert, subscriber_sessions};

const AFTER: &str =
    subscribers_where!("username > ?1 AND ", subscriber_reached!("?3"), " ORDER BY username LIMIT ?2");
// Nobody has the id of another as username: that is refused when a subscriber is added.
const FIND: &str =
    subscribers_where!("(username = ?1 OR subscriber.id = ?1) AND ", subscriber_reached!("?2"));
const CYCLES: &str =
    cycles_where!("subscriber_id = ?1 AND (?2 IS NULL OR seq_no < ?2) ORDER BY seq_no DESC LIMIT ?3");
const COUNT: &str = concat!("SELECT count(*) FROM subscriber WHERE ", subscriber_reached!("?1"));

#[async_trait]
impl<D: Database> SubscriberRepository for D {
    async fn insert_subscriber(&self, new: NewSubscriber, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            subscriber_insert::insert(connection, &new, act.at)?;
            audit::append(connection, &act)
        })
        .await
    }

    async fn list_subscribers_within(
        &self,
        after: Option<&str>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<Subscriber>, StoreError> {
        let after = after.unwrap_or_default().to_owned();
        self.read(move |connection| select(connection, AFTER, params![after, limit, reach.rows()], &reach))
            .await
    }

    async fn find_subscriber_within(
        &self,
        key: &str,
        reach: Reach,
    ) -> Result<Option<Subscriber>, StoreError> {
        let key = key.to_owned();
        self.read(move |connection| Ok(select(connection, FIND, params![key, reach.rows()], &reach)?.pop()))
            .await
    }

    async fn subscriber_cycles(
        &self,
        id: Uuid,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<CycleTotals>, StoreError> {
        self.read(move |connection| {
            rows::all(connection, CYCLES, params![id.to_string(), before, limit], cycle)
        })
        .await
    }

    async fn open_session_octets(
        &self,
        id: Option<Uuid>,
        reach: Reach,
    ) -> Result<HashMap<Uuid, Octets>, StoreError> {
        self.read(move |connection| subscriber_sessions::octets(connection, id, &reach)).await
    }

    async fn count_subscribers_within(&self, reach: Reach) -> Result<u64, StoreError> {
        self.read(move |connection| {
            rows::only(connection, COUNT, params![reach.rows()], |row| from_amount(row.get(0)?))
        })
        .await
    }
}

pub(super) fn select(
    connection: &Connection<'_>,
    sql: &'static str,
    values: Values<'_>,
    reach: &Reach,
) -> Result<Vec<Subscriber>, StoreError> {
    let mut found = rows::all(connection, sql, values, subscriber_rows::subscriber)?;
    for one in &mut found {
        subscriber_rows::complete(connection, one, reach)?;
    }
    Ok(found)
}
