//! GET /api/v1/usage/export.csv and .ndjson

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use operations::{Export, ExportRow, Identity, Operations};
use std::sync::Arc;

use super::asked::{Asked, Errors};
use crate::api::hidden_codes::hide_names;
use crate::api::model::history::ExportLine;
use crate::api::model::login_kind::LoginKind;
use crate::api::model::name::Name;
use crate::auth::{Caller, Within};
use crate::extract::Query;
use crate::problem::{self, Problem};
use crate::state::ServerState;
use crate::text::{csv_line, cut_off, json_line};

/// How lines are written.
#[derive(Clone, Copy)]
struct Format {
    head: &'static str,
    line: fn(&ExportLine) -> Result<Vec<u8>, String>,
    media_type: &'static str,
    disposition: &'static str,
}

const CSV: Format = Format {
    head: "router,username,from,to,local,upload_octets,download_octets,unobserved_upper_octets,kind\r\n",
    line: csv_of,
    media_type: "text/csv; charset=utf-8",
    disposition: "attachment; filename=\"usage.csv\"",
};
const NDJSON: Format = Format {
    head: "",
    line: |line| json_line(line),
    media_type: "application/x-ndjson",
    disposition: "attachment; filename=\"usage.ndjson\"",
};

/// What each login used on each router, step by step, as CSV. A cell that a spreadsheet would run as a formula has an
/// apostrophe before it.
#[utoipa::path(
    get,
    path = "/api/v1/usage/export.csv",
    tag = "usage",
    params(Asked),
    responses((status = 200, description = "The lines", body = String, content_type = "text/csv"), Errors)
)]
pub(in crate::api) async fn csv(
    Within(state): Within,
    Caller(reader): Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    answer((state, reader), asked, CSV).await
}

/// What each login used on each router, step by step, as one JSON object a line.
#[utoipa::path(
    get,
    path = "/api/v1/usage/export.ndjson",
    tag = "usage",
    params(Asked),
    responses(
        (status = 200, description = "The lines", body = ExportLine, content_type = "application/x-ndjson"),
        Errors
    )
)]
pub(in crate::api) async fn ndjson(
    Within(state): Within,
    Caller(reader): Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    answer((state, reader), asked, NDJSON).await
}

/// The first lines are made before the answer begins, so that a question that cannot be answered has its status; an
/// error later on breaks the connection, so that half an export never looks whole.
async fn answer(
    (state, reader): (ServerState, Identity),
    asked: Asked,
    format: Format,
) -> Result<Response, Problem> {
    let operations = Arc::clone(&state.operations);
    let mut export = operations.export(asked.into()).await.map_err(problem::in_query)?;
    let first = operations.export_next(&mut export).await.map_err(problem::in_query)?;
    let begin = Part { operations, reader, export, rows: Some(first), head: format.head };
    let body = Body::from_stream(stream::try_unfold(begin, move |part| part.next(format)));
    let headers = [(CONTENT_TYPE, format.media_type), (CONTENT_DISPOSITION, format.disposition)];
    Ok((headers, body).into_response())
}

struct Part {
    operations: Arc<Operations>,
    reader: Identity,
    export: Export,
    rows: Option<Vec<ExportRow>>,
    head: &'static str,
}

impl Part {
    async fn next(mut self, format: Format) -> Result<Option<(Vec<u8>, Part)>, String> {
        let rows = match self.rows.take() {
            Some(rows) => rows,
            None => self.operations.export_next(&mut self.export).await.map_err(cut_off)?,
        };
        let mut text = std::mem::take(&mut self.head).as_bytes().to_vec();
        let mut lines: Vec<ExportLine> = rows.into_iter().map(line).collect();
        let names = lines.iter_mut().filter_map(|line| line.username.as_mut());
        hide_names(&self.operations, &self.reader, names.collect()).await.map_err(cut_off)?;
        for line in &lines {
            text.append(&mut (format.line)(line).map_err(cut_off)?);
        }
        Ok((!text.is_empty()).then_some((text, self)))
    }
}

fn line(row: ExportRow) -> ExportLine {
    ExportLine {
        router: row.router,
        username: row.username.as_deref().map(Name::from),
        kind: row.kind.map(Into::into),
        from: row.span.start.into(),
        to: row.span.end.into(),
        local: row.local,
        upload_octets: row.octets.input,
        download_octets: row.octets.output,
        unobserved_upper_octets: row.upper_octets,
    }
}

fn csv_of(line: &ExportLine) -> Result<Vec<u8>, String> {
    let username = line.username.as_ref().map(Name::to_string).unwrap_or_default();
    let unseen = line.unobserved_upper_octets.map(|octets| octets.to_string()).unwrap_or_default();
    csv_line([
        line.router.as_str(),
        &username,
        &line.from.to_string(),
        &line.to.to_string(),
        &line.local,
        &line.upload_octets.to_string(),
        &line.download_octets.to_string(),
        &unseen,
        line.kind.map(LoginKind::as_str).unwrap_or_default(),
    ])
}
