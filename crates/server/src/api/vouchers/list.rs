//! GET /api/v1/vouchers

use axum::Json;
use serde::Deserialize;
use store::VoucherId;
use utoipa::{IntoParams, IntoResponses};

use super::asked::Asked;
use super::shape::voucher;
use crate::api::model::list::List;
use crate::api::model::voucher::{Voucher, VoucherState};
use crate::api::paging;
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No batch has this number.")])
    }
}

/// Which vouchers, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct AskedPage {
    /// Only of the batch of this number.
    batch: Option<i64>,
    /// Only those that stand like this.
    state: Option<VoucherState>,
    /// Only of this plan.
    plan: Option<String>,
    /// Only of this seller.
    seller: Option<String>,
    /// Only those that a device of this MAC was ever let in with; twelve hex digits, however they are parted.
    mac: Option<String>,
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Vouchers, the newest first. Not for viewers: whoever has an unused code is let in with it.
#[utoipa::path(
    get,
    path = "/api/v1/vouchers",
    tag = "vouchers",
    operation_id = "list_vouchers",
    params(AskedPage),
    responses((status = 200, description = "A page of vouchers", body = List<Voucher>), Errors)
)]
pub(in crate::api) async fn list(
    Within(state): Within,
    Query(asked): Query<AskedPage>,
) -> Result<Json<List<Voucher>>, Problem> {
    let size = paging::size(asked.limit)?;
    let before = asked.cursor.as_deref().map(paging::numbers::<1>).transpose()?.map(|[id]| VoucherId(id));
    let AskedPage { batch, state: phase, plan, seller, mac, .. } = asked;
    let filter = Asked { batch, state: phase, plan, seller, mac }.into();
    let rows = state.operations.list_vouchers(filter, before, paging::one_more(size)).await;
    let rows = rows.map_err(problem::in_query)?;
    Ok(Json(paging::page(rows, size, |row| row.issued.voucher.id.to_string(), voucher)))
}
