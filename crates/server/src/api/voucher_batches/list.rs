//! GET /api/v1/voucher-batches

use axum::Json;
use axum::extract::State;
use operations::VoucherFilter;
use serde::Deserialize;
use store::VoucherBatchId;
use utoipa::{IntoParams, IntoResponses};

use super::shape::batch;
use crate::api::model::list::List;
use crate::api::model::voucher::VoucherBatch;
use crate::api::paging;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Which batches, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// Only of this plan.
    plan: Option<String>,
    /// Only of this seller.
    seller: Option<String>,
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
}

/// Batches of vouchers, the newest first, and how their vouchers stand.
#[utoipa::path(
    get,
    path = "/api/v1/voucher-batches",
    tag = "vouchers",
    operation_id = "list_voucher_batches",
    params(Asked),
    responses((status = 200, description = "A page of batches", body = List<VoucherBatch>), Errors)
)]
pub(in crate::api) async fn list(
    State(state): State<ServerState>,
    Query(asked): Query<Asked>,
) -> Result<Json<List<VoucherBatch>>, Problem> {
    let size = paging::size_within(asked.limit, 20, 100)?;
    let before = asked.cursor.as_deref().map(paging::numbers::<1>).transpose()?;
    let before = before.map(|[id]| VoucherBatchId(id));
    let filter = VoucherFilter { plan: asked.plan, seller: asked.seller, ..VoucherFilter::default() };
    let rows = state.operations.list_voucher_batches(filter, before, paging::one_more(size)).await;
    Ok(Json(paging::page(rows.map_err(problem::in_query)?, size, |row| row.id.to_string(), batch)))
}
