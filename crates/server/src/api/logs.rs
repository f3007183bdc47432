//! GET /api/v1/logs

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::hidden_codes::{Candidates, HiddenCodes};
use super::model::list::List;
use super::model::log as model;
use super::paging;
use crate::auth::Caller;
use crate::extract::Query;
use crate::log_board::{LogLevel, LogLine};
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only those that matter at least so much.
    #[serde(default)]
    #[param(inline, required = false)]
    level: model::LogLevel,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// The latest lines of the log of this process, the newest first, all on one page; 2,000 are kept. They go with the process. A
/// viewer reads the first two signs of vouchers' codes.
#[utoipa::path(
    get,
    path = "/api/v1/logs",
    tag = "server",
    operation_id = "list_logs",
    params(Asked),
    responses((status = 200, description = "The lines", body = List<model::LogLine>), Errors)
)]
pub(super) async fn list(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<List<model::LogLine>>, Problem> {
    let lines = state.logs.latest(level(asked.level), paging::size(asked.limit)? as usize);
    let candidates = Candidates::in_texts(&caller, lines.iter().map(|line| &*line.text));
    let codes = HiddenCodes::of(&state.operations, candidates).await?;
    let shown = lines.into_iter().map(|line| LogLine { text: codes.out_of(&line.text), ..line });
    Ok(Json(List::whole(shown.map(self::line).collect())))
}

fn level(asked: model::LogLevel) -> LogLevel {
    match asked {
        model::LogLevel::Debug => LogLevel::Debug,
        model::LogLevel::Info => LogLevel::Info,
        model::LogLevel::Warn => LogLevel::Warn,
        model::LogLevel::Error => LogLevel::Error,
    }
}

fn line(line: LogLine) -> model::LogLine {
    let level = match line.level {
        LogLevel::Debug => model::LogLevel::Debug,
        LogLevel::Info => model::LogLevel::Info,
        LogLevel::Warn => model::LogLevel::Warn,
        LogLevel::Error => model::LogLevel::Error,
    };
    model::LogLine { at: line.at.into(), level, target: line.target, text: line.text }
}
