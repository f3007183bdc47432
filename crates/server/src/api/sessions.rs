//! GET /api/v1/sessions

use accounting::time::Micros;
use axum::Json;
use operations::Identity;
use serde::Deserialize;
use store::{NasId, OnlineOrder, OnlineSearch, Reach, SessionCursor, SessionPhase, SessionQuery, SessionRow};
use utoipa::{IntoParams, IntoResponses};

use super::top::service;
use crate::api::model::list::List;
use crate::api::model::name::Name;
use crate::api::model::session::{Session, SessionOrder, SessionState};
use crate::api::model::time::Time;
use crate::api::{paging, searching};
use crate::auth::{Caller, Within};
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No router, or no subscriber, has this name.")])
    }
}

/// Which sessions, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only of this router.
    router: Option<String>,
    /// Only of this login, as the router gives it (`hex:` and digits for bytes that are not UTF-8).
    #[param(value_type = Option<String>)]
    username: Option<Name>,
    /// Only of the logins of the subscriber of this username or id, while they were theirs, or since when they were adopted. Not
    /// together with `username`.
    subscriber: Option<String>,
    /// Only in this state.
    #[param(inline)]
    state: Option<SessionState>,
    /// At most four words, each of which stands in the login, the subscriber's username, the address, the caller or the router's name;
    /// the case of A to Z does not matter. Viewers find nobody by the code of a voucher. Only of sessions that are `open` or
    /// `missing`.
    q: Option<String>,
    /// Only of this service (`pppoe`, `l2tp`, `pptp`, `sstp`, `ovpn`, `ppp`, `hotspot`, `static_ip`). Only of sessions that are `open`
    /// or `missing`.
    service: Option<String>,
    /// In this order. Any but `first_seen` only of sessions that are `open` or `missing`.
    #[param(inline)]
    #[serde(default)]
    order: SessionOrder,
    /// From the largest down; `first_seen` has one direction.
    #[serde(default)]
    descending: bool,
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Sessions, the ones seen first latest first.
#[utoipa::path(
    get,
    path = "/api/v1/sessions",
    tag = "usage",
    operation_id = "list_sessions",
    params(Asked),
    responses((status = 200, description = "A page of sessions", body = List<Session>), Errors)
)]
pub(super) async fn list(
    Within(state): Within,
    Caller(reader): Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Session>>, Problem> {
    let size = paging::size(asked.limit)?;
    let now = state.operations.clock.now();
    if let Some(order) = asked.searched() {
        let rows = state.operations.search_online(online(asked, order, size, &reader)?).await?;
        return Ok(Json(paging::page(rows, size, write_number, |row| session(row, now))));
    }
    let subscriber = match &asked.subscriber {
        Some(_) if asked.username.is_some() => {
            return Err(Problem::bad_request("Give either username or subscriber, not both."));
        }
        Some(subscriber) => Some(state.operations.id_of_subscriber(subscriber).await?),
        None => None,
    };
    let query = SessionQuery {
        subscriber,
        router: asked.router,
        username: asked.username.map(|name| name.0.into()),
        phase: asked.state.map(phase),
        before: asked.cursor.as_deref().map(read_cursor).transpose()?,
        limit: paging::one_more(size),
        ..SessionQuery::default()
    };
    let rows = state.operations.list_sessions(query).await.map_err(problem::in_query)?;
    Ok(Json(paging::page(rows, size, write_cursor, |row| session(row, now))))
}

impl Asked {
    /// In which order, where they are searched or put in another order than the usual one.
    fn searched(&self) -> Option<SessionOrder> {
        let usual = self.q.is_none() && self.service.is_none() && self.order == SessionOrder::FirstSeen;
        (!usual).then_some(self.order)
    }
}

/// Those that are searched. What ended long ago is not: there is no bound to how much of it would be read for one page.
fn online(asked: Asked, order: SessionOrder, size: u32, reader: &Identity) -> Result<OnlineSearch, Problem> {
    let phase = match asked.state.map(phase) {
        Some(phase @ (SessionPhase::Open | SessionPhase::Missing)) => phase,
        _ => {
            return Err(Problem::bad_request(
                "q, service and order are for sessions that are open or missing: give state=open, or ask by username or subscriber.",
            ));
        }
    };
    if asked.username.is_some() || asked.subscriber.is_some() {
        return Err(Problem::bad_request("q, service and order do not go with username and subscriber."));
    }
    let service = asked.service.as_deref().map(service).transpose()?;
    // Those seen first latest first have begun latest, but for what the routers told late.
    let (order, descending) = match order {
        SessionOrder::FirstSeen => (OnlineOrder::Started, true),
        other => (by(other), asked.descending),
    };
    Ok(OnlineSearch {
        words: searching::words(asked.q.as_deref(), reader)?,
        router: asked.router,
        service: service.map(|service| service.as_str().to_owned()),
        phase,
        order,
        descending,
        after: asked.cursor.as_deref().map(read_number).transpose()?,
        reach: Reach::default(),
        limit: paging::one_more(size),
    })
}

fn by(order: SessionOrder) -> OnlineOrder {
    match order {
        SessionOrder::FirstSeen | SessionOrder::StartedAt => OnlineOrder::Started,
        SessionOrder::Username => OnlineOrder::Username,
        SessionOrder::FramedAddress => OnlineOrder::Address,
        SessionOrder::CallingStationId => OnlineOrder::Caller,
        SessionOrder::DownloadOctets => OnlineOrder::Download,
        SessionOrder::UploadOctets => OnlineOrder::Upload,
        SessionOrder::Router => OnlineOrder::Router,
    }
}

/// A session's number alone: what it is put in order by may be a code of a voucher.
fn write_number(row: &SessionRow) -> String {
    format!("{}.{}", row.nas, row.no)
}

fn read_number(cursor: &str) -> Result<(NasId, u64), Problem> {
    let [nas, no] = paging::numbers(cursor)?;
    Ok((NasId(nas), paging::unsigned(no)?))
}

fn write_cursor(row: &SessionRow) -> String {
    format!("{}.{}.{}", row.first_seen_at.0, row.nas, row.no)
}

fn read_cursor(cursor: &str) -> Result<SessionCursor, Problem> {
    let [first_seen_at, nas, no] = paging::numbers(cursor)?;
    Ok(SessionCursor { first_seen_at: Micros(first_seen_at), nas: NasId(nas), no: paging::unsigned(no)? })
}

fn phase(state: SessionState) -> SessionPhase {
    match state {
        SessionState::Open => SessionPhase::Open,
        SessionState::Missing => SessionPhase::Missing,
        SessionState::Ended => SessionPhase::Ended,
    }
}

fn state(phase: SessionPhase) -> SessionState {
    match phase {
        SessionPhase::Open => SessionState::Open,
        SessionPhase::Missing => SessionState::Missing,
        SessionPhase::Ended => SessionState::Ended,
    }
}

/// An instant that a session can have begun at; clocks may differ by a day. A router's absurd uptime leads outside.
fn possible(began: Micros, now: Micros) -> Option<Time> {
    const DAY: i64 = 86_400_000_000;
    (0..=now.0.saturating_add(DAY)).contains(&began.0).then(|| began.into())
}

fn session(row: SessionRow, now: Micros) -> Session {
    let ended = row.phase == SessionPhase::Ended;
    Session {
        no: row.no,
        router: row.router,
        username: Name(row.username.into()),
        service: row.service.as_str().to_owned(),
        acct_session_id: row.acct_session_id.map(|id| format!("0x{id:08X}")),
        calling_station_id: Name(row.calling_station_id.into()),
        framed_address: (!row.framed_address.is_empty()).then(|| Name(row.framed_address.into())),
        state: state(row.phase),
        started_at: possible(row.started_at, now),
        ended_at: row.last_seen_at.filter(|_| ended).map(Into::into),
        upload_octets: row.octets.input,
        download_octets: row.octets.output,
        subscriber: row.subscriber,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_finds_its_place_again() {
        let place = SessionCursor { first_seen_at: Micros(5), nas: NasId(3), no: 7 };
        assert_eq!(read_cursor("5.3.7"), Ok(place));
        assert!(read_cursor("5.3.-7").is_err());
    }

    #[test]
    fn a_session_begins_between_1970_and_tomorrow_or_nobody_knows_when() {
        let now = Micros(1_800_000_000_000_000);
        for (began, known) in
            [(i64::MIN, false), (-1, false), (0, true), (now.0, true), (now.0 + 86_400_000_001, false)]
        {
            assert_eq!(possible(Micros(began), now).is_some(), known, "{began}");
        }
    }
}
