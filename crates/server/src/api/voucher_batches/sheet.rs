//! GET /api/v1/voucher-batches/{id}/sheet.html

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use operations::SheetRequest;
use serde::Deserialize;
use store::VoucherBatchId;
use utoipa::{IntoParams, IntoResponses};

use crate::auth::Within;
use crate::extract::{Path, Query};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No batch has this number."),
            (409, "None of its vouchers is unused, so there is nothing to print."),
        ])
    }
}

/// What the sheet shows.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// What stands on each voucher: the name of the shop or the network.
    #[param(default = "Wi-Fi", max_length = 200)]
    title: Option<String>,
    /// The portal's address for phones: each voucher has a code that they read, which opens it with the voucher's code.
    #[param(example = "http://10.5.50.1:8080/portal")]
    portal: Option<String>,
    /// Vouchers beside each other.
    #[param(minimum = 1, maximum = 6, default = 3)]
    columns: Option<u8>,
}

/// The unused vouchers of a batch as a page to print, which holds all that it needs. Not for viewers: whoever has an unused
/// code is let in with it.
#[utoipa::path(
    get,
    path = "/api/v1/voucher-batches/{id}/sheet.html",
    tag = "vouchers",
    operation_id = "print_voucher_batch",
    params(("id" = i64, Path, description = "Its number"), Asked),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"), Errors)
)]
pub(in crate::api) async fn sheet(
    Within(state): Within,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let title = asked.title.unwrap_or_else(|| "Wi-Fi".to_owned());
    let request = SheetRequest { title, portal: asked.portal, columns: asked.columns.unwrap_or(3) };
    let page = state.operations.voucher_sheet(VoucherBatchId(id), request).await;
    // Nothing printable is a matter of the batch, not of the question.
    let page = page.map_err(|error| match error {
        operations::OperationError::Invalid(_) => problem::in_query(error),
        other => other.into(),
    })?;
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response())
}
