//! GET /api/v1/logs

use accounting::time::Micros;
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
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// The log of this process, the newest lines first: those of the last day, of which the newest 8 MiB are kept. They go with the process.
/// A viewer reads the first two signs of vouchers' codes.
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
    let size = paging::size(asked.limit)?;
    let below = asked.cursor.as_deref().map(number).transpose()?;
    let most = paging::one_more(size) as usize;
    let lines = state.logs.before(level(asked.level), below, Micros(i64::MAX), most);
    let candidates = Candidates::in_texts(&caller, lines.iter().map(|(_, line)| &*line.text));
    let codes = HiddenCodes::of(&state.operations, candidates).await?;
    let hidden = |line: LogLine| LogLine { text: codes.out_of(&line.text), ..line };
    Ok(Json(paging::page(lines, size, |(number, _)| number.to_string(), |(_, one)| line(hidden(one)))))
}

fn number(cursor: &str) -> Result<u64, Problem> {
    let [number] = paging::numbers(cursor)?;
    paging::unsigned(number)
}

pub(super) fn level(asked: model::LogLevel) -> LogLevel {
    match asked {
        model::LogLevel::Debug => LogLevel::Debug,
        model::LogLevel::Info => LogLevel::Info,
        model::LogLevel::Warn => LogLevel::Warn,
        model::LogLevel::Error => LogLevel::Error,
    }
}

pub(super) fn line(line: LogLine) -> model::LogLine {
    let level = match line.level {
        LogLevel::Debug => model::LogLevel::Debug,
        LogLevel::Info => model::LogLevel::Info,
        LogLevel::Warn => model::LogLevel::Warn,
        LogLevel::Error => model::LogLevel::Error,
    };
    model::LogLine { at: line.at.into(), level, target: line.target, text: line.text }
}
