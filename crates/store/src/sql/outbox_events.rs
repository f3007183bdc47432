//! Events as they are told: rows unpacked, and the names of what their numbers stand for, looked up for all of them at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use accounting::login::LoginKind;
use accounting::time::Micros;
use uuid::Uuid;

use crate::error::StoreError;
use crate::event_packing::unpack;
use crate::ids::NasId;
use crate::outbox_repository::{
    Event, EventBody, EventSession, EventSubscriber, OutboxQueue, RoundNews, UsageLine, Who,
};

use super::connection::Connection;
use super::keys::row_key;
use super::row::Row;
use super::value::{ToValue, params};
use super::values::{amount, from_amount, login_kind};

/// Most events of a router that are read at once.
const MOST: u64 = 64;

const OLDEST: &str = "
    SELECT seq, at, lost_from, body FROM outbox
    WHERE nas_id = ?1 AND seq < ?2
      AND bytes_before < ?3 + (SELECT bytes_before FROM outbox WHERE nas_id = ?1 AND seq = ?4)
    ORDER BY seq";
const ROUTER: &str = "SELECT name, uuid FROM nas WHERE id = ?1";
const LOGIN: &str = "SELECT kind, name FROM login WHERE id = ?1";
const OF_CYCLE: &str = "
    SELECT subscriber.id, subscriber.username, subscriber.name, cycle.seq_no
    FROM cycle JOIN subscriber ON subscriber.id = cycle.subscriber_id WHERE cycle.id = ?1";
const BOUND: &str = "
    SELECT subscriber.id, subscriber.username, subscriber.name
    FROM login_binding AS bound JOIN subscriber ON subscriber.id = bound.subscriber_id
    WHERE bound.login_id = ?1 AND bound.to_at IS NULL";
const SESSION: &str = "
    SELECT login_id, service, acct_session_id, calling_station_id, framed_address, started_at FROM session
    WHERE id = ?1 AND nas_id = ?1 >> 40";

/// See [`crate::OutboxRepository::events`].
pub(super) fn oldest(
    connection: &Connection<'_>,
    of: &[OutboxQueue],
    bytes: u64,
) -> Result<Vec<Event>, StoreError> {
    let kept = kept(connection, of, bytes)?;
    let names = Names::of(connection, &kept)?;
    kept.into_iter().map(|kept| names.event(kept)).collect()
}

/// An event as it is kept.
struct Kept {
    nas: NasId,
    seq: u64,
    at: Micros,
    body: Result<RoundNews, u64>,
}

fn kept(connection: &Connection<'_>, of: &[OutboxQueue], bytes: u64) -> Result<Vec<Kept>, StoreError> {
    let mut kept = Vec::new();
    let mut see = |nth: usize, row: &Row<'_>| {
        let lost_from = row.get::<Option<i64>>(2)?.map(from_amount).transpose()?;
        kept.push(Kept {
            nas: of[nth].nas,
            seq: from_amount(row.get(0)?)?,
            at: Micros(row.get(1)?),
            body: lost_from.map_or_else(|| unpack(row.get(3)?).map(Ok), |from| Ok(Err(from)))?,
        });
        Ok(())
    };
    let mut asking = connection.ask_many(OLDEST, &mut see)?;
    for queue in of {
        let (end, first) = (amount(queue.first + MOST)?, amount(queue.first)?);
        asking.add(params![queue.nas.0, end, amount(bytes.max(1))?, first])?;
    }
    asking.finish()?;
    kept.sort_by_key(|kept| (kept.nas, kept.seq));
    Ok(kept)
}

/// What numbers of events stand for.
struct Names {
    routers: HashMap<NasId, (String, Uuid)>,
    logins: HashMap<i64, (LoginKind, Arc<[u8]>)>,
    of_cycles: HashMap<i64, Arc<EventSubscriber>>,
    bound: HashMap<i64, Arc<EventSubscriber>>,
    sessions: HashMap<i64, Arc<EventSession>>,
}

impl Names {
    fn of(connection: &Connection<'_>, kept: &[Kept]) -> Result<Names, StoreError> {
        let news = || kept.iter().filter_map(|kept| Some((kept.nas, kept.body.as_ref().ok()?)));
        let lines = || news().flat_map(|(nas, news)| news.usage.iter().map(move |line| (nas, line)));
        let stepped = || news().flat_map(|(nas, news)| news.sessions.iter().map(move |(no, _)| (nas, *no)));
        let counted = lines().filter_map(|(nas, line)| Some((nas, line.session?)));
        let keys = counted.chain(stepped()).map(|(nas, no)| row_key(nas, no)).collect::<Result<_, _>>()?;
        let sessions = look_up(connection, SESSION, keys, |key| *key, session)?;
        let of_lines = lines().filter_map(|(_, line)| line.login);
        let logins: Vec<i64> = of_lines.chain(sessions.values().map(|session| session.login)).collect();
        let stepped = stepped().filter_map(|(nas, no)| sessions.get(&row_key(nas, no).ok()?));
        let bound_now = lines().filter_map(|(_, line)| line.login.filter(|_| is_held(line)));
        let bound_now = bound_now.chain(stepped.map(|session| session.login)).collect();
        let cycles = lines().filter_map(|(_, line)| line.cycle).collect();
        let routers = kept.iter().map(|kept| kept.nas).collect();
        Ok(Names {
            routers: look_up(connection, ROUTER, routers, |nas| nas.0, router)?,
            bound: look_up(connection, BOUND, bound_now, |login| *login, bound)?,
            logins: look_up(connection, LOGIN, logins, |login| *login, login)?,
            of_cycles: look_up(connection, OF_CYCLE, cycles, |cycle| *cycle, of_cycle)?,
            sessions,
        })
    }

    fn event(&self, kept: Kept) -> Result<Event, StoreError> {
        let (router, router_id) = self.routers.get(&kept.nas).cloned().ok_or_else(|| {
            StoreError::Corrupt(format!("an event that waits names the router row {}", kept.nas))
        })?;
        let body = match kept.body {
            Err(from) => EventBody::Lost { from },
            Ok(news) => EventBody::Round {
                usage: news.usage.iter().map(|line| self.counted(kept.nas, line)).collect(),
                sessions: news.sessions.iter().map(|(no, _)| self.stepped(kept.nas, *no)).collect(),
                news,
            },
        };
        Ok(Event { nas: kept.nas, router_id, router, seq: kept.seq, at: kept.at, body })
    }

    fn counted(&self, nas: NasId, line: &UsageLine) -> Who {
        let subscriber = match line.cycle {
            Some(cycle) => self.of_cycles.get(&cycle),
            None => line.login.filter(|_| is_held(line)).and_then(|login| self.bound.get(&login)),
        };
        Who {
            login: line.login.and_then(|login| self.logins.get(&login)).cloned(),
            session: line.session.and_then(|no| self.session(nas, no)),
            subscriber: subscriber.cloned(),
        }
    }

    fn stepped(&self, nas: NasId, no: u64) -> Who {
        let session = self.session(nas, no);
        let login = session.as_ref().map(|session| session.login);
        Who {
            login: login.and_then(|login| self.logins.get(&login)).cloned(),
            subscriber: login.and_then(|login| self.bound.get(&login)).cloned(),
            session,
        }
    }

    fn session(&self, nas: NasId, no: u64) -> Option<Arc<EventSession>> {
        self.sessions.get(&row_key(nas, no).ok()?).cloned()
    }
}

/// Of a line that counts into no cycle yet it is told who is bound to its login now.
fn is_held(line: &UsageLine) -> bool {
    line.cycle.is_none() && !line.posted
}

/// Asks for each key once.
fn look_up<K: Copy + Eq + Hash + Ord, V>(
    connection: &Connection<'_>,
    sql: &'static str,
    mut keys: Vec<K>,
    value: impl Fn(&K) -> i64,
    make: impl Fn(&Row<'_>) -> Result<V, StoreError>,
) -> Result<HashMap<K, V>, StoreError> {
    keys.sort_unstable();
    keys.dedup();
    let mut found = HashMap::with_capacity(keys.len());
    let mut see = |nth: usize, row: &Row<'_>| {
        found.insert(keys[nth], make(row)?);
        Ok(())
    };
    let mut asking = connection.ask_many(sql, &mut see)?;
    for key in &keys {
        asking.add(&[&value(key) as &dyn ToValue])?;
    }
    asking.finish()?;
    Ok(found)
}

fn router(row: &Row<'_>) -> Result<(String, Uuid), StoreError> {
    Ok((row.get(0)?, Uuid::from_bytes(row.get(1)?)))
}

fn login(row: &Row<'_>) -> Result<(LoginKind, Arc<[u8]>), StoreError> {
    let kind = login_kind(row, 0)?.ok_or_else(|| StoreError::Corrupt("a login has no kind".to_owned()))?;
    Ok((kind, row.get::<&[u8]>(1)?.into()))
}

fn of_cycle(row: &Row<'_>) -> Result<Arc<EventSubscriber>, StoreError> {
    subscriber(row, Some(row.get(3)?))
}

fn bound(row: &Row<'_>) -> Result<Arc<EventSubscriber>, StoreError> {
    subscriber(row, None)
}

fn subscriber(row: &Row<'_>, cycle: Option<u32>) -> Result<Arc<EventSubscriber>, StoreError> {
    let id = Uuid::parse_str(row.get(0)?)
        .map_err(|error| StoreError::Corrupt(format!("a subscriber's id is none: {error}")))?;
    Ok(Arc::new(EventSubscriber { id, username: row.get(1)?, name: row.get(2)?, cycle }))
}

fn session(row: &Row<'_>) -> Result<Arc<EventSession>, StoreError> {
    Ok(Arc::new(EventSession {
        login: row.get(0)?,
        service: row.get(1)?,
        acct_session_id: row.get::<Option<i64>>(2)?.map(i64::cast_unsigned),
        calling_station_id: row.get(3)?,
        framed_address: row.get(4)?,
        started_at: Micros(row.get(5)?),
    }))
}
