//! GET /api/v1/events

use accounting::time::Micros;
use axum::Json;
use operations::OperationError;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::place::{Place, Told};
use super::sources::Sources;
use crate::api::hidden_codes::{Candidates, HiddenCodes};
use crate::api::logs::level;
use crate::api::model::happening::{Happening, HappeningKind, Happenings};
use crate::api::model::log::LogLevel;
use crate::api::paging;
use crate::auth::{Caller, Within};
use crate::extract::Query;
use crate::log_board::LOG_KEPT_US;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No router has this name.")])
    }
}

/// What of what happened, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// Only of this kind.
    #[param(inline)]
    kind: Option<HappeningKind>,
    /// Only of this router; lines of the log are of none.
    router: Option<String>,
    /// Only lines of the log that matter at least so much; without it `warn`.
    #[param(inline)]
    level: Option<LogLevel>,
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// What happened during the last day, the newest first: sessions that began and ended, routers that came into another state, commands, and
/// what the log of the process that answers warns of. States and the log go with that process. Whoever is bound to groups of routers is
/// told what happened on theirs, without the log. A viewer reads the first two signs of
/// vouchers' codes.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    tag = "server",
    operation_id = "list_events",
    params(Asked),
    responses((status = 200, description = "A page of what happened", body = Happenings), Errors)
)]
pub(in crate::api) async fn list(
    Within(state): Within,
    Caller(reader): Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Happenings>, Problem> {
    let is_whole = state.operations.reach.is_everything();
    if asked.kind == Some(HappeningKind::Log) && !is_whole {
        return Err(OperationError::Forbidden(LOG_IS_OF_ALL.to_owned()).into());
    }
    let size = paging::size(asked.limit)?;
    let since = Micros(state.operations.clock.now().0.saturating_sub(LOG_KEPT_US));
    let sources = Sources {
        state: &state,
        router: asked.router,
        level: asked.level.map_or(crate::log_board::LogLevel::Warn, level),
        since,
        after: asked.cursor.as_deref().map(Place::read).transpose()?,
        limit: paging::one_more(size),
    };
    let told = sources.told(asked.kind).await?;
    let mut page = paging::page(told, size, |told| told.place.write(), |told: Told| told.happening);
    let texts = page.items.iter().filter_map(|item| item.text.as_deref());
    let codes = HiddenCodes::of(&state.operations, Candidates::in_texts(&reader, texts)).await?;
    let hidden = |item: Happening| Happening { text: item.text.map(|text| codes.out_of(&text)), ..item };
    page.items = page.items.into_iter().map(hidden).collect();
    Ok(Json(Happenings {
        items: page.items,
        next: page.next,
        since: since.into(),
        dropped_log_lines: if is_whole { state.logs.dropped() } else { 0 },
        dropped_router_states: state.operations.board.phase_changes_dropped(),
    }))
}

const LOG_IS_OF_ALL: &str = "the server's log is about all routers, and you are bound to groups of them. Somebody who is bound to no \
    group reads it; what happened on your routers comes without kind=log";
