//! POST /api/v1/voucher-batches

use axum::extract::State;
use axum::http::StatusCode;
use operations::VoucherBatchRequest;
use utoipa::IntoResponses;

use super::shape::batch;
use crate::api::model::voucher::{CodeSigns, NewVoucherBatch, VoucherBatch};
use crate::auth::Caller;
use crate::extract::Json;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(409, "Codes that are taken were drawn again and again; choose longer ones.")])
    }
}

/// Makes vouchers with codes of the system's own chance. So few signs that one of the codes could be guessed are refused. A
/// plan that changes later changes none of them.
#[utoipa::path(
    post,
    path = "/api/v1/voucher-batches",
    tag = "vouchers",
    operation_id = "make_vouchers",
    request_body = NewVoucherBatch,
    responses((status = 201, description = "The batch; list its vouchers by its number", body = VoucherBatch), Errors)
)]
pub(in crate::api) async fn add(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Json(new): Json<NewVoucherBatch>,
) -> Result<(StatusCode, axum::Json<VoucherBatch>), Problem> {
    let request = VoucherBatchRequest {
        count: new.count,
        plan: new.plan,
        developer: new.developer,
        price: new.price,
        validity: new.validity,
        devices: new.devices,
        rate_up_bps: new.rate_up_bps.map(|count| count.0),
        rate_down_bps: new.rate_down_bps.map(|count| count.0),
        quota_octets: new.quota_octets.map(|count| count.0),
        seller: new.seller,
        note: new.note,
        signs: match new.signs {
            CodeSigns::Mixed => operations::CodeSigns::Mixed,
            CodeSigns::Letters => operations::CodeSigns::Letters,
            CodeSigns::Digits => operations::CodeSigns::Digits,
        },
        length: new.length,
    };
    let made = state.operations.make_vouchers(&caller.actor, request).await?;
    Ok((StatusCode::CREATED, axum::Json(batch(made))))
}
