//! POST /api/v1/limits

use std::time::Duration;

use axum::Json;
use operations::LimitRequest;
use store::{LimitUntil, RateLimit};
use utoipa::IntoResponses;

use super::shape::outcome;
use super::whom::whom;
use crate::api::model::limit::{LimitOutcome, NewLimit};
use crate::auth::{Caller, Within};
use crate::extract;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "Nobody of whom it is for is connected, so it is not known where they are."),
            (409, "Several fit; the detail names them. Or the router is not polled."),
            (424, "The router cannot be reached, or refuses; its words are in the detail."),
        ])
    }
}

/// Wants a limit, in the place of one of before for the same, and sets it on the router now. Success means that the router
/// showed it as wanted; `state` and `told` say whether it has an effect.
#[utoipa::path(
    post,
    path = "/api/v1/limits",
    tag = "limits",
    operation_id = "set_limit",
    request_body = NewLimit,
    responses((status = 200, description = "How it stands", body = LimitOutcome), Errors)
)]
pub(in crate::api) async fn set(
    Within(state): Within,
    Caller(caller): Caller,
    extract::Json(new): extract::Json<NewLimit>,
) -> Result<Json<LimitOutcome>, Problem> {
    let until = until(&state, &new).await?;
    let request = LimitRequest {
        who: whom(new.mac, new.username, new.address, new.subscriber)?,
        router: new.router,
        rate: RateLimit { up_bps: new.up_bps, down_bps: new.down_bps },
        plan: new.plan,
        unlimited: new.unlimited,
        until,
        dry_run: new.dry_run,
    };
    // Who asked may go away in between; what was begun is brought to its end, and into the journal.
    let setting = async move { state.operations.set_limit(&caller.actor, request).await };
    let set = operations::spawn_on_behalf(setting).await.map_err(|broken| {
        tracing::error!(%broken, "setting a limit broke off");
        Problem::internal("Setting the limit broke off. Look at the limits before you try again.")
    })?;
    Ok(Json(outcome(set?, new.dry_run)))
}

/// The longest that one can hold: ten years.
const LONGEST_S: u64 = 10 * 365 * 86_400;

async fn until(state: &ServerState, new: &NewLimit) -> Result<Option<LimitUntil>, Problem> {
    match (new.until, new.for_s, new.sticky) {
        (None, None, false) => Ok(None),
        (None, None, true) => Ok(Some(LimitUntil::Removed)),
        (Some(at), None, false) => Ok(Some(LimitUntil::At(at.0))),
        (None, Some(for_s @ 1..=LONGEST_S), false) => {
            Ok(Some(state.operations.limit_for(Duration::from_secs(for_s)).await?))
        }
        (None, Some(_), false) => {
            Err(Problem::invalid("A limit holds for a second up to ten years; nothing was changed."))
        }
        _ => Err(Problem::invalid(
            "A limit ends at an instant, after a while, or holds until it is removed, not several of them; nothing was changed.",
        )),
    }
}
