//! POST /api/v1/imports/vouchers

use axum::Json;
use axum::extract::State;
use operations::VoucherImportReport;
use utoipa::IntoResponses;

use crate::api::imports::{Asked, Turn};
use crate::api::model::voucher_import::{
    ForeignUse, ForeignVouchers, LeftVoucher, NewVoucherImport, VoucherImport,
};
use crate::auth::Caller;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

/// Told one by one at the most; the rest is counted.
const TOLD: usize = 100;
/// Vouchers of one batch, and batches, at the most.
const MOST: usize = 10_000;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(409, "Another import is being made."), (413, "The body is larger than 32 MiB.")])
    }
}

/// Imports vouchers that another program made, with their codes and what is left of those in use; all in one transaction. Those whose
/// codes are there already are left as they are, so that importing twice changes nothing the second time. The body may have 32 MiB.
#[utoipa::path(
    post,
    path = "/api/v1/imports/vouchers",
    tag = "vouchers",
    operation_id = "import_vouchers",
    params(Asked),
    request_body = NewVoucherImport,
    responses((status = 200, description = "What it came to", body = VoucherImport), Errors)
)]
pub(in crate::api) async fn import(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Query(asked): Query<Asked>,
    import: Turn<NewVoucherImport>,
) -> Result<Json<VoucherImport>, Problem> {
    let Turn { body, turn } = import;
    if body.batches.len() > MOST || body.batches.iter().any(|batch| batch.vouchers.len() > MOST) {
        return Err(Problem::invalid(
            "At most 10,000 batches with at most 10,000 vouchers each are taken at once; nothing was imported.",
        ));
    }
    let batches = body.batches.into_iter().map(vouchers).collect();
    let imported = state.operations.import_vouchers(&caller.actor, batches, asked.dry_run).await;
    drop(turn);
    Ok(Json(shape(imported?)))
}

fn vouchers(given: ForeignVouchers) -> operations::ForeignVouchers {
    let used = |used: ForeignUse| operations::ForeignUse {
        first_used_at: used.first_used_at.map(|at| at.0),
        left_s: used.left_seconds.map(|left| left.0),
    };
    let vouchers = given.vouchers.into_iter();
    let vouchers =
        vouchers.map(|one| operations::ForeignVoucher { code: one.code, used: one.used.map(used) }).collect();
    operations::ForeignVouchers {
        plan: given.plan,
        developer: given.developer,
        price: given.price,
        validity: given.validity,
        devices: given.devices,
        rate_up_bps: given.rate_up_bps.map(|count| count.0),
        rate_down_bps: given.rate_down_bps.map(|count| count.0),
        seller: given.seller,
        vouchers,
    }
}

fn shape(report: VoucherImportReport) -> VoucherImport {
    let not_taken_total = report.left.len() as u64;
    let told = |left: operations::LeftVoucher| LeftVoucher { code: left.code, why: left.why.to_owned() };
    VoucherImport {
        new: report.new,
        in_use: report.in_use,
        known: report.known,
        not_taken: report.left.into_iter().take(TOLD).map(told).collect(),
        not_taken_total,
    }
}
