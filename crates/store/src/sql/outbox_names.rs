//! The names of what numbers of events stand for: those that are not known yet are looked up for all lines at once.

use std::sync::Arc;

use accounting::time::Micros;
use uuid::Uuid;

use crate::error::StoreError;
use crate::event::{EventSession, EventSubscriber, RoundNews, UsageLine, Who, Words};
use crate::event_names::{Held, LineKey};
use crate::ids::NasId;

use super::connection::Connection;
use super::keys::row_key;
use super::row::Row;
use super::value::params;
use super::values::login_kind;

/// ?1 login, ?2 session, ?3 cycle, ?4 the login again of a line that counts into none yet.
const LINE: &str = "
    SELECT login.kind, login.name, session.acct_session_id, subscriber.id, subscriber.username, subscriber.name, cycle.seq_no
    FROM (SELECT 1) AS line
    LEFT JOIN login ON login.id = ?1
    LEFT JOIN session ON session.id = ?2 AND session.nas_id = ?2 >> 40
    LEFT JOIN cycle ON cycle.id = ?3
    LEFT JOIN login_binding AS bound ON bound.login_id = ?4 AND bound.to_at IS NULL
    LEFT JOIN subscriber ON subscriber.id = coalesce(cycle.subscriber_id, bound.subscriber_id)";
/// The same columns of a session; and its own.
const SESSION: &str = "
    SELECT login.kind, login.name, session.acct_session_id, subscriber.id, subscriber.username, subscriber.name,
        CAST(NULL AS bigint),
        session.service, session.calling_station_id, session.framed_address, session.started_at
    FROM session JOIN login ON login.id = session.login_id
    LEFT JOIN login_binding AS bound ON bound.login_id = session.login_id AND bound.to_at IS NULL
    LEFT JOIN subscriber ON subscriber.id = bound.subscriber_id
    WHERE session.id = ?1 AND session.nas_id = ?1 >> 40";

/// Who a round is about: its lines and its sessions, in their order.
pub(super) struct Whos {
    pub(super) usage: Vec<Arc<Who>>,
    pub(super) sessions: Vec<Stepped>,
}

/// Of each of these rounds.
pub(super) fn look_up(
    connection: &Connection<'_>,
    rounds: &[(NasId, &RoundNews)],
    names: &mut Held<'_>,
) -> Result<Vec<Whos>, StoreError> {
    let mut known: Vec<_> = rounds.iter().map(|(nas, news)| names.round(*nas, held_keys(news))).collect();
    let unknown = look_up_lines(connection, unknown(rounds, &known), names)?;
    for (place, who) in unknown {
        known[place.0][place.1] = Some(who);
    }
    let sessions = look_up_sessions(connection, rounds)?;
    let of_round = |(usage, sessions): (Vec<Option<_>>, _)| Whos {
        usage: usage.into_iter().map(Option::unwrap_or_default).collect(),
        sessions,
    };
    Ok(known.into_iter().zip(sessions).map(of_round).collect())
}

/// Of a line that counts into no cycle yet it is told who is bound to its login now.
fn is_held_back(line: &UsageLine) -> bool {
    line.cycle.is_none() && !line.posted
}

fn held_keys(news: &RoundNews) -> impl Iterator<Item = Option<LineKey>> {
    news.usage.iter().map(|line| (!is_held_back(line)).then(|| LineKey::of(line)))
}

/// Of a session that came or went; its own facts where its row is there.
type Stepped = (Who, Option<EventSession>);

/// Which line of which round.
type Place = (usize, usize);

/// A line that is to be looked up.
struct Unknown {
    nas: NasId,
    key: LineKey,
    is_held_back: bool,
    place: Place,
}

impl Unknown {
    fn is_like(&self, other: &Unknown) -> bool {
        (self.nas, self.key, self.is_held_back) == (other.nas, other.key, other.is_held_back)
    }
}

fn unknown(rounds: &[(NasId, &RoundNews)], known: &[Vec<Option<Arc<Who>>>]) -> Vec<Unknown> {
    let mut unknown = Vec::new();
    for (round, ((nas, news), known)) in rounds.iter().zip(known).enumerate() {
        for (nth, (line, _)) in
            news.usage.iter().zip(known).enumerate().filter(|(_, (_, known))| known.is_none())
        {
            let (key, is_held_back) = (LineKey::of(line), is_held_back(line));
            unknown.push(Unknown { nas: *nas, key, is_held_back, place: (round, nth) });
        }
    }
    unknown
}

/// Asks for each once.
fn look_up_lines(
    connection: &Connection<'_>,
    mut unknown: Vec<Unknown>,
    names: &mut Held<'_>,
) -> Result<Vec<(Place, Arc<Who>)>, StoreError> {
    unknown.sort_unstable_by_key(|line| (line.nas, line.key, line.is_held_back));
    let alike: Vec<&[Unknown]> = unknown.chunk_by(Unknown::is_like).collect();
    let mut found = Vec::with_capacity(unknown.len());
    let mut see = |nth: usize, row: &Row<'_>| {
        let (who, line) = (Arc::new(who(row)?), &alike[nth][0]);
        if !line.is_held_back {
            names.keep(line.nas, line.key, &who);
        }
        found.extend(alike[nth].iter().map(|line| (line.place, Arc::clone(&who))));
        Ok(())
    };
    let mut asking = connection.ask_many(LINE, &mut see)?;
    for Unknown { nas, key, is_held_back, .. } in alike.iter().map(|lines| &lines[0]) {
        let session = key.session.map(|no| row_key(*nas, no)).transpose()?;
        asking.add(params![key.login, session, key.cycle, key.login.filter(|_| *is_held_back)])?;
    }
    asking.finish()?;
    Ok(found)
}

/// Sessions that came or went, looked up each time: who is bound to their logins may change, and the logins too.
fn look_up_sessions(
    connection: &Connection<'_>,
    rounds: &[(NasId, &RoundNews)],
) -> Result<Vec<Vec<Stepped>>, StoreError> {
    let mut found: Vec<_> =
        rounds.iter().map(|(_, news)| vec![<_>::default(); news.sessions.len()]).collect();
    let places = rounds.iter().enumerate().flat_map(|(round, (nas, news))| {
        news.sessions.iter().enumerate().map(move |(nth, (no, _))| ((round, nth), *nas, *no))
    });
    let places: Vec<(Place, NasId, u64)> = places.collect();
    let mut see = |nth: usize, row: &Row<'_>| {
        let (round, nth) = places[nth].0;
        found[round][nth] = (who(row)?, Some(session(row)?));
        Ok(())
    };
    let mut asking = connection.ask_many(SESSION, &mut see)?;
    for (_, nas, no) in &places {
        asking.add(params![row_key(*nas, *no)?])?;
    }
    asking.finish()?;
    Ok(found)
}

fn who(row: &Row<'_>) -> Result<Who, StoreError> {
    let login = login_kind(row, 0)?.map(|kind| Ok::<_, StoreError>((kind, row.get(1)?))).transpose()?;
    let acct_session_id = row.get::<Option<i64>>(2)?.map(i64::cast_unsigned);
    Ok(Who { login, acct_session_id, subscriber: subscriber(row)?, words: Words::default() })
}

fn subscriber(row: &Row<'_>) -> Result<Option<EventSubscriber>, StoreError> {
    let Some(id) = row.get::<Option<&str>>(3)? else { return Ok(None) };
    let id = Uuid::parse_str(id)
        .map_err(|error| StoreError::Corrupt(format!("a subscriber's id is none: {error}")))?;
    Ok(Some(EventSubscriber { id, username: row.get(4)?, name: row.get(5)?, cycle: row.get(6)? }))
}

fn session(row: &Row<'_>) -> Result<EventSession, StoreError> {
    Ok(EventSession {
        service: row.get(7)?,
        calling_station_id: row.get(8)?,
        framed_address: row.get(9)?,
        started_at: Micros(row.get(10)?),
    })
}
