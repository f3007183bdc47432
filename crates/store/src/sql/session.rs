//! Listing sessions.

use accounting::snapshot::Service;
use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;
use crate::session_repository::{
    SessionCursor, SessionOwner, SessionPhase, SessionQuery, SessionRepository, SessionRow,
};

use super::accounting_logins::every_kind;
use super::database::Database;
use super::keys::{number_of, row_key};
use super::open_entry::{session_total, with_open_entry};
use super::reach::reached;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{from_amount, octets};

/// The columns in the order [`session`] reads them. The index is named because the best one depends on which
/// filters are given, which the planner cannot know.
macro_rules! sessions_from {
    ($index:literal) => {
        concat!(
            "SELECT session.id, session.nas_id, nas.name, login.name, session.service, acct_session_id, calling_station_id,
                    framed_address, state, started_at, first_seen_at, last_seen_at, terminate_cause, ",
            session_total!("input"), ", ", session_total!("output"),
            ", subscriber.username
             FROM session INDEXED BY ",
            $index,
            " CROSS JOIN nas ON nas.id = session.nas_id
              CROSS JOIN login ON login.id = session.login_id",
            with_open_entry!("session"),
            "
              LEFT JOIN login_binding AS bound ON bound.login_id = session.login_id AND bound.to_at IS NULL
              LEFT JOIN subscriber ON subscriber.id = bound.subscriber_id "
        )
    };
}
pub(super) use sessions_from;

macro_rules! sessions_by {
    ($index:literal, $($condition:expr),+) => {
        concat!(
            sessions_from!($index),
            "WHERE (first_seen_at, session.id) < (?1, ?2)
               AND (?3 IS NULL OR nas.name = ?3 AND nas.removed_at IS NULL)
               AND (?5 IS NULL OR state = ?5)
               AND ",
            reached!("?7", "nas.group_id"),
            " AND ",
            $($condition,)+
            " ORDER BY first_seen_at DESC, session.id DESC LIMIT ?6"
        )
    };
}
const OF_LOGIN: &str = sessions_by!(
    "session_login",
    "session.login_id IN (SELECT id FROM login WHERE kind IN ",
    every_kind!(),
    " AND name = ?4)"
);
/// What the binding gives its subscriber: sessions that were seen within it, and those that were adopted with it.
const OF_SUBSCRIBER: &str = sessions_by!(
    "session_login",
    "session.login_id IN (SELECT login_id FROM login_binding WHERE subscriber_id = ?4)
     AND EXISTS (
        SELECT 1 FROM login_binding AS theirs WHERE theirs.login_id = session.login_id AND theirs.subscriber_id = ?4
           AND first_seen_at < coalesce(theirs.to_at, 9223372036854775807)
           AND coalesce(session.last_seen_at, 9223372036854775807) >= coalesce((
              SELECT min(CASE WHEN adoption.from_at < theirs.from_at THEN adoption.from_at ELSE theirs.from_at END)
              FROM adoption WHERE adoption.login_id = theirs.login_id AND adoption.subscriber_id = ?4
                AND adoption.superseded_at IS NULL), theirs.from_at))"
);
const PRESENT: &str = sessions_by!("session_present", "state < 2 AND ?4 IS NULL");
const OF_CALLER: &str = sessions_by!("session_present", "state < 2 AND calling_station_id = ?4");
const OF_HOTSPOTS: &str = sessions_by!(
    "session_present",
    "state < 2 AND ?4 IS NULL AND nas.removed_at IS NULL AND session.service = 'hotspot'"
);
/// By the index of each router, from the instant on that bounds it.
const ENDED: &str = concat!(
    sessions_from!("session_ended"),
    "WHERE state = 2 AND session.nas_id IN (
         SELECT id FROM nas WHERE removed_at IS NULL AND (?3 IS NULL OR nas.name = ?3) AND ",
    reached!("?6", "group_id"),
    ")
       AND last_seen_at >= ?4 AND (last_seen_at, session.id) < (?1, ?2)
     ORDER BY last_seen_at DESC, session.id DESC LIMIT ?5"
);
/// Far more than anybody chooses among.
const MOST_OF_CALLER: u32 = 1_000;
const ANY: &str = sessions_by!("session_first_seen", "?4 IS NULL");
/// With its router, which the key begins with.
const OWNER: &str = "
    SELECT nas.name, login.name, session.service, calling_station_id, framed_address, subscriber.username
    FROM session
    JOIN nas ON nas.id = session.nas_id AND nas.removed_at IS NULL
    JOIN login ON login.id = session.login_id
    LEFT JOIN login_binding AS bound ON bound.login_id = session.login_id AND bound.to_at IS NULL
    LEFT JOIN subscriber ON subscriber.id = bound.subscriber_id
    WHERE session.nas_id = ?1 AND session.id = ?2";
const OPEN_OF_HOTSPOTS: &str = "
    SELECT nas_id, count(*) FROM session INDEXED BY session_present
    WHERE state < 2 AND state = 0 AND service = 'hotspot' GROUP BY nas_id";
const OPEN_OF_EACH: &str = "
    SELECT nas_id, count(*) FROM session INDEXED BY session_present WHERE state < 2 AND state = 0 GROUP BY nas_id";

#[async_trait]
impl<D: Database> SessionRepository for D {
    async fn list_sessions(&self, query: SessionQuery) -> Result<Vec<SessionRow>, StoreError> {
        let (before_at, before_key) = cursor(query.before)?;
        let state = query.phase.map(state_of);
        let SessionQuery { router, username, reach, limit, .. } = query;
        let sql = match (&username, query.phase) {
            (Some(_), _) => OF_LOGIN,
            (None, Some(SessionPhase::Open | SessionPhase::Missing)) => PRESENT,
            (None, _) => ANY,
        };
        let subscriber = query.subscriber.map(|id| id.to_string());
        self.read(move |connection| match subscriber {
            Some(subscriber) => {
                let values = params![before_at, before_key, router, subscriber, state, limit, reach.rows()];
                rows::all(connection, OF_SUBSCRIBER, values, session)
            }
            None => {
                let values = params![before_at, before_key, router, username, state, limit, reach.rows()];
                rows::all(connection, sql, values, session)
            }
        })
        .await
    }

    async fn open_sessions_of_caller(
        &self,
        caller: Vec<u8>,
        reach: Reach,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let (before_at, before_key) = cursor(None)?;
        let open = state_of(SessionPhase::Open);
        self.read(move |connection| {
            let (most, reach) = (MOST_OF_CALLER, reach.rows());
            let values = params![before_at, before_key, None::<String>, caller, open, most, reach];
            rows::all(connection, OF_CALLER, values, session)
        })
        .await
    }

    async fn open_hotspot_sessions(&self, limit: u32, reach: Reach) -> Result<Vec<SessionRow>, StoreError> {
        let (before_at, before_key) = cursor(None)?;
        let open = state_of(SessionPhase::Open);
        self.read(move |connection| {
            let (nobody, reach) = (None::<Vec<u8>>, reach.rows());
            let values = params![before_at, before_key, None::<String>, nobody, open, limit, reach];
            rows::all(connection, OF_HOTSPOTS, values, session)
        })
        .await
    }

    async fn count_open_hotspot_sessions(&self) -> Result<Vec<(NasId, u64)>, StoreError> {
        self.read(|connection| rows::all(connection, OPEN_OF_HOTSPOTS, params![], of_router)).await
    }

    async fn list_ended_sessions(
        &self,
        router: Option<String>,
        since: Micros,
        before: Option<SessionCursor>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let (before_at, before_key) = cursor(before)?;
        self.read(move |connection| {
            let values = params![before_at, before_key, router, since.0, limit, reach.rows()];
            rows::all(connection, ENDED, values, session)
        })
        .await
    }

    async fn owners_of_sessions(
        &self,
        sessions: Vec<(NasId, u64)>,
    ) -> Result<Vec<Option<SessionOwner>>, StoreError> {
        let key = |(nas, no): (NasId, u64)| Ok((nas.0, row_key(nas, no)?));
        let keys = sessions.into_iter().map(key).collect::<Result<Vec<_>, StoreError>>()?;
        self.read(move |connection| {
            let mut owners = vec![None; keys.len()];
            let mut see = |nth: usize, row: &Row<'_>| {
                owners[nth] = Some(owner(row)?);
                Ok(())
            };
            let mut asking = connection.ask_many(OWNER, &mut see)?;
            keys.iter().try_for_each(|(nas, key)| asking.add(params![nas, key]))?;
            asking.finish()?;
            Ok(owners)
        })
        .await
    }

    async fn count_open_sessions(&self) -> Result<Vec<(NasId, u64)>, StoreError> {
        self.read(|connection| rows::all(connection, OPEN_OF_EACH, params![], of_router)).await
    }
}

fn of_router(row: &Row<'_>) -> Result<(NasId, u64), StoreError> {
    Ok((NasId(row.get(0)?), from_amount(row.get(1)?)?))
}

fn cursor(before: Option<SessionCursor>) -> Result<(i64, i64), StoreError> {
    match before {
        None => Ok((i64::MAX, i64::MAX)),
        Some(cursor) => Ok((cursor.first_seen_at.0, row_key(cursor.nas, cursor.no)?)),
    }
}

pub(super) fn state_of(phase: SessionPhase) -> i64 {
    match phase {
        SessionPhase::Open => 0,
        SessionPhase::Missing => 1,
        SessionPhase::Ended => 2,
    }
}

fn phase_of(state: i64) -> Result<SessionPhase, StoreError> {
    match state {
        0 => Ok(SessionPhase::Open),
        1 => Ok(SessionPhase::Missing),
        2 => Ok(SessionPhase::Ended),
        other => Err(StoreError::Corrupt(format!("a session has the state {other}"))),
    }
}

fn owner(row: &Row<'_>) -> Result<SessionOwner, StoreError> {
    let service: String = row.get(2)?;
    Ok(SessionOwner {
        router: row.get(0)?,
        username: row.get(1)?,
        service: Service::from_name(&service),
        calling_station_id: row.get(3)?,
        framed_address: row.get(4)?,
        subscriber: row.get(5)?,
    })
}

pub(super) fn session(row: &Row<'_>) -> Result<SessionRow, StoreError> {
    let service: String = row.get(4)?;
    Ok(SessionRow {
        no: number_of(row.get(0)?),
        nas: NasId(row.get(1)?),
        router: row.get(2)?,
        username: row.get(3)?,
        service: Service::from_name(&service),
        acct_session_id: row.get::<Option<i64>>(5)?.map(i64::cast_unsigned),
        calling_station_id: row.get(6)?,
        framed_address: row.get(7)?,
        phase: phase_of(row.get(8)?)?,
        started_at: Micros(row.get(9)?),
        first_seen_at: Micros(row.get(10)?),
        last_seen_at: row.get::<Option<i64>>(11)?.map(Micros),
        terminate_cause: row.get(12)?,
        octets: octets(row, 13)?,
        subscriber: row.get(15)?,
    })
}
