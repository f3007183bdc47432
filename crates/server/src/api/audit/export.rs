//! GET /api/v1/audit.csv

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use operations::{Identity, Operations};
use store::{AuditQuery, AuditRecord};
use utoipa::IntoResponses;

use super::asked::Which;
use super::shape::{audit_row, hide_codes};
use crate::auth::{Caller, Within};
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::text::{csv_line, cut_off};

/// Acts that are read at once.
const PAGE: u32 = 1_000;
const COLUMNS: [&str; 8] = ["seq", "at", "actor", "origin", "action", "subject", "detail", "hash"];

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// The journal as CSV, newest first, each act with the hash that chains it to the one before it. A cell that a spreadsheet would run
/// as a formula has an apostrophe before it. A viewer reads the first two signs of vouchers' codes.
#[utoipa::path(
    get,
    path = "/api/v1/audit.csv",
    tag = "audit",
    operation_id = "export_audit_csv",
    params(Which),
    responses((status = 200, description = "The lines", body = String, content_type = "text/csv"), Errors)
)]
pub(in crate::api) async fn csv(
    Within(state): Within,
    Caller(reader): Caller,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let query = which.query(None, PAGE);
    let operations = Arc::clone(&state.operations);
    let page = operations.audit(query.clone()).await.map_err(problem::in_query)?;
    let head = csv_line(COLUMNS).map_err(Problem::internal)?;
    let begin = Part { operations, reader, query, head, page };
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, Body::from_stream(stream::try_unfold(begin, Part::next))).into_response())
}

struct Part {
    operations: Arc<Operations>,
    reader: Identity,
    query: AuditQuery,
    head: Vec<u8>,
    page: Vec<AuditRecord>,
}

impl Part {
    async fn next(mut self) -> Result<Option<(Vec<u8>, Part)>, String> {
        let mut text = std::mem::take(&mut self.head);
        if let Some(last) = self.page.last() {
            self.query.before = Some(last.seq);
            self.write_page(&mut text).await?;
            self.page = self.operations.audit(self.query.clone()).await.map_err(cut_off)?;
        }
        Ok((!text.is_empty()).then_some((text, self)))
    }

    async fn write_page(&mut self, text: &mut Vec<u8>) -> Result<(), String> {
        let page = std::mem::take(&mut self.page);
        let hashes: Vec<String> = page.iter().map(|record| hex::encode(record.hash)).collect();
        let mut rows: Vec<_> = page.into_iter().map(audit_row).collect();
        let hidden = hide_codes(&self.operations, &self.reader, &mut rows).await;
        hidden.map_err(|problem| cut_off(problem.said().1))?;
        for (row, hash) in rows.into_iter().zip(hashes) {
            let (seq, at, detail) = (row.seq.to_string(), row.at.to_string(), row.detail.to_string());
            let origin = row.origin.unwrap_or_default();
            let cells = [&*seq, &*at, &*row.actor, &*origin, &*row.action, &*row.subject, &*detail, &*hash];
            text.append(&mut csv_line(cells).map_err(cut_off)?);
        }
        Ok(())
    }
}
