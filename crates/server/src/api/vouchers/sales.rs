//! GET /api/v1/voucher-sales

use axum::Json;
use axum::extract::State;
use operations::{SalesBy, SalesLine, SalesRequest};
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use crate::api::model::voucher_sales::{VoucherSales, VoucherSalesLine};
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Which days, and what lines are kept apart by.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// The first day; 30 days before the last when left out.
    #[param(example = "2026-11-01")]
    from: Option<String>,
    /// The last day; today when left out.
    #[param(example = "2026-11-30")]
    to: Option<String>,
    /// The zone whose days they are, by its IANA name; the installation's when left out.
    #[param(example = "Asia/Manila")]
    zone: Option<String>,
    /// What lines are kept apart by: `day`, `plan` and `seller`, with commas between; all three when left out, and one line
    /// when empty.
    #[param(example = "day,seller")]
    by: Option<String>,
}

/// What was sold in up to 1,000 days: a voucher counts on the day on which somebody was let in with it first.
#[utoipa::path(
    get,
    path = "/api/v1/voucher-sales",
    tag = "vouchers",
    operation_id = "voucher_sales",
    params(Asked),
    responses((status = 200, description = "What was sold", body = VoucherSales), Errors)
)]
pub(in crate::api) async fn sales(
    State(state): State<ServerState>,
    Query(asked): Query<Asked>,
) -> Result<Json<VoucherSales>, Problem> {
    let by = by(asked.by.as_deref().unwrap_or("day,plan,seller"))?;
    let request = SalesRequest { from: asked.from, to: asked.to, zone: asked.zone, by };
    let report = state.operations.voucher_sales(request).await.map_err(problem::in_query)?;
    Ok(Json(VoucherSales {
        zone: report.zone,
        from: report.from,
        to: report.to,
        items: report.lines.into_iter().map(line).collect(),
        total: line(report.total),
    }))
}

fn by(text: &str) -> Result<SalesBy, Problem> {
    let mut by = SalesBy { day: false, plan: false, seller: false };
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match name {
            "day" => by.day = true,
            "plan" => by.plan = true,
            "seller" => by.seller = true,
            other => {
                return Err(Problem::bad_request(format!(
                    "Sales are kept apart by day, plan and seller, not by \"{}\".",
                    other.escape_debug()
                )));
            }
        }
    }
    Ok(by)
}

fn line(line: SalesLine) -> VoucherSalesLine {
    let SalesLine { day, plan, seller, sold, revoked, unpriced, amount } = line;
    VoucherSalesLine { day, plan, seller, sold, revoked, unpriced, amount }
}
