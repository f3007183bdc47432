//! GET /api/v1/vouchers.csv

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use operations::{Operations, ShownVoucher, VoucherFilter};
use utoipa::IntoResponses;

use super::asked::Asked;
use super::shape::voucher;
use crate::api::model::time::Time;
use crate::api::model::voucher::Voucher;
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::text::{csv_line, cut_off};

/// Vouchers that are read at once.
const PAGE: u32 = 1_000;
const COLUMNS: [&str; 21] = [
    "code",
    "batch",
    "state",
    "plan",
    "seller",
    "price",
    "validity_seconds",
    "devices",
    "rate_up_bps",
    "rate_down_bps",
    "quota_octets",
    "made_at",
    "made_by",
    "first_used_at",
    "left_seconds",
    "ends_at",
    "paused_at",
    "revoked_at",
    "used_up_at",
    "ended_at",
    "note",
];

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No batch has this number.")])
    }
}

/// Vouchers as CSV, the newest first. A cell that a spreadsheet would run as a formula has an apostrophe before it. Not for viewers: whoever
/// has an unused code is let in with it.
#[utoipa::path(
    get,
    path = "/api/v1/vouchers.csv",
    tag = "vouchers",
    operation_id = "export_vouchers_csv",
    params(Asked),
    responses((status = 200, description = "The lines", body = String, content_type = "text/csv"), Errors)
)]
pub(in crate::api) async fn csv(
    Within(state): Within,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (operations, filter) = (Arc::clone(&state.operations), VoucherFilter::from(asked));
    let first = operations.list_vouchers(filter.clone(), None, PAGE).await.map_err(problem::in_query)?;
    let head = csv_line(COLUMNS).map_err(Problem::internal)?;
    let begin = Part { operations, filter, head, page: first };
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"vouchers.csv\""),
    ];
    Ok((headers, Body::from_stream(stream::try_unfold(begin, Part::next))).into_response())
}

struct Part {
    operations: Arc<Operations>,
    filter: VoucherFilter,
    head: Vec<u8>,
    page: Vec<ShownVoucher>,
}

impl Part {
    async fn next(mut self) -> Result<Option<(Vec<u8>, Part)>, String> {
        let mut text = std::mem::take(&mut self.head);
        let last = self.page.last().map(|last| last.issued.voucher.id);
        for shown in self.page.drain(..) {
            text.append(&mut csv_of(&voucher(shown)).map_err(cut_off)?);
        }
        if last.is_some() {
            let next = self.operations.list_vouchers(self.filter.clone(), last, PAGE).await;
            self.page = next.map_err(cut_off)?;
        }
        Ok((!text.is_empty()).then_some((text, self)))
    }
}

/// In the order of [`COLUMNS`].
fn csv_of(voucher: &Voucher) -> Result<Vec<u8>, String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let time = |time: &Option<Time>| time.as_ref().map(Time::to_string).unwrap_or_default();
    let terms = &voucher.terms;
    let state = serde_json::to_value(voucher.state).map_err(|error| error.to_string())?;
    csv_line(
        [
            voucher.code.clone(),
            voucher.batch.to_string(),
            state.as_str().unwrap_or_default().to_owned(),
            text(&terms.plan),
            text(&terms.seller),
            text(&terms.price),
            number(terms.validity_seconds),
            terms.devices.to_string(),
            number(terms.rate_up_bps),
            number(terms.rate_down_bps),
            number(terms.quota_octets),
            terms.made_at.to_string(),
            terms.made_by.clone(),
            time(&voucher.first_used_at),
            number(voucher.left_seconds),
            time(&voucher.ends_at),
            time(&voucher.paused_at),
            time(&voucher.revoked_at),
            time(&voucher.used_up_at),
            time(&voucher.ended_at),
            text(&terms.note),
        ]
        .iter()
        .map(String::as_str),
    )
}
