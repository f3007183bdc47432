//! GET /api/v1/subscribers.csv and .ndjson

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use operations::{Operations, SUBSCRIBER_COLUMNS};
use store::Subscriber;
use utoipa::IntoResponses;

use super::shape::scope;
use crate::api::model::import::SubscriberLine;
use crate::api::model::name::Name;
use crate::api::model::time::Time;
use crate::auth::Within;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;
use crate::text::{csv_line, cut_off, json_line};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

type Line = fn(&SubscriberLine) -> Result<Vec<u8>, String>;

/// All subscribers by username, as a file that can be imported. A cell that a spreadsheet would run as a formula has an
/// apostrophe before it.
#[utoipa::path(
    get,
    path = "/api/v1/subscribers.csv",
    tag = "subscribers",
    operation_id = "export_subscribers_csv",
    responses((status = 200, description = "The lines", body = String, content_type = "text/csv"), Errors)
)]
pub(in crate::api) async fn csv(Within(state): Within) -> Result<Response, Problem> {
    let headings = csv_line(SUBSCRIBER_COLUMNS).map_err(Problem::internal)?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"subscribers.csv\""),
    ];
    Ok((headers, lines(state, headings, csv_of).await?).into_response())
}

/// All subscribers by username, one JSON object a line.
#[utoipa::path(
    get,
    path = "/api/v1/subscribers.ndjson",
    tag = "subscribers",
    operation_id = "export_subscribers_ndjson",
    responses(
        (status = 200, description = "The lines", body = SubscriberLine, content_type = "application/x-ndjson"),
        Errors
    )
)]
pub(in crate::api) async fn ndjson(Within(state): Within) -> Result<Response, Problem> {
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CONTENT_DISPOSITION, "attachment; filename=\"subscribers.ndjson\""),
    ];
    Ok((headers, lines(state, Vec::new(), json_line).await?).into_response())
}

/// The first page is read before the answer begins, so that a database that does not answer has its status.
async fn lines(state: ServerState, head: Vec<u8>, line: Line) -> Result<Body, Problem> {
    let operations = Arc::clone(&state.operations);
    let first = operations.export_subscribers(None).await?;
    let begin = Part { operations, head, page: first, line };
    Ok(Body::from_stream(stream::try_unfold(begin, Part::next)))
}

struct Part {
    operations: Arc<Operations>,
    head: Vec<u8>,
    page: Vec<Subscriber>,
    line: Line,
}

impl Part {
    async fn next(mut self) -> Result<Option<(Vec<u8>, Part)>, String> {
        let mut text = std::mem::take(&mut self.head);
        let last = self.page.last().map(|last| last.username.clone());
        for subscriber in self.page.drain(..) {
            text.append(&mut (self.line)(&shape(subscriber)).map_err(cut_off)?);
        }
        if let Some(last) = last {
            self.page = self.operations.export_subscribers(Some(&last)).await.map_err(cut_off)?;
        }
        Ok((!text.is_empty()).then_some((text, self)))
    }
}

fn shape(row: Subscriber) -> SubscriberLine {
    let login = row.logins.into_iter().next();
    SubscriberLine {
        id: row.id,
        username: row.username,
        name: row.name,
        scope: login.as_ref().map(|login| scope(&login.scope)),
        login: login.map(|login| Name(login.name.into())),
        service: row.service,
        plan: row.plan,
        status: row.status.as_str().to_owned(),
        expiry_at: row.expiry_at.map(Into::into),
        zone: row.zone,
        note: row.note,
    }
}

/// In the order of [`SUBSCRIBER_COLUMNS`].
fn csv_of(line: &SubscriberLine) -> Result<Vec<u8>, String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    csv_line(
        [
            line.id.to_string(),
            line.username.clone(),
            text(&line.name),
            line.login.as_ref().map(Name::to_string).unwrap_or_default(),
            text(&line.scope),
            line.service.clone(),
            text(&line.plan),
            line.status.clone(),
            line.expiry_at.as_ref().map(Time::to_string).unwrap_or_default(),
            text(&line.zone),
            text(&line.note),
        ]
        .iter()
        .map(String::as_str),
    )
}
