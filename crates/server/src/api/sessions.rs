//! GET /api/v1/sessions

use accounting::time::Micros;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use store::{NasId, SessionCursor, SessionPhase, SessionQuery, SessionRow};
use utoipa::{IntoParams, IntoResponses};

use crate::api::model::list::List;
use crate::api::model::name::Name;
use crate::api::model::session::{Session, SessionState};
use crate::api::model::time::Time;
use crate::api::paging;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No router has this name.")])
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
    /// Only in this state.
    #[param(inline)]
    state: Option<SessionState>,
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
    State(state): State<ServerState>,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Session>>, Problem> {
    let size = paging::size(asked.limit)?;
    let query = SessionQuery {
        router: asked.router,
        username: asked.username.map(|name| name.0.into()),
        phase: asked.state.map(phase),
        before: asked.cursor.as_deref().map(read_cursor).transpose()?,
        limit: paging::one_more(size),
    };
    let rows = state.operations.list_sessions(query).await.map_err(problem::in_query)?;
    let now = state.operations.clock.now();
    Ok(Json(paging::page(rows, size, write_cursor, |row| session(row, now))))
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
