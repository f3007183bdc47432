//! POST /admin/api/set-bandwidth, POST /admin/api/remove-bandwidth: speed limits as the piso-net tool took them.

use axum::Json;
use axum::http::StatusCode;
use operations::{
    LimitFound, LimitRequest, LimitWho, OperationError, RouterCommandError, found_for_people, speed,
};
use store::RateLimit;
use utoipa::IntoResponses;

use super::body::Body;
use super::errors::declared_done;
use crate::api::model::compat_bandwidth::{BandwidthDone, RemoveBandwidth, SetBandwidth};
use crate::auth::{Caller, Within};
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;
use crate::text::limit;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        declared_done(problem::write(&[
            (404, "No such hotspot user is active, or there is no such router."),
            (409, "The MAC is on several routers; the message names them."),
            (502, "The router refused, or cannot be reached; its words are in the message."),
        ]))
    }
}

/// Sets a limit for a hotspot device until its session ends. Speeds that are missing are `1M` up and `2M` down.
#[utoipa::path(
    post,
    path = "/admin/api/set-bandwidth",
    tag = "compat",
    operation_id = "compat_set_bandwidth",
    request_body = SetBandwidth,
    responses((status = 200, description = "The router shows it", body = BandwidthDone), Errors)
)]
pub(super) async fn set(
    Within(state): Within,
    Caller(caller): Caller,
    Body(new): Body<SetBandwidth>,
) -> Result<Json<BandwidthDone>, Problem> {
    let mac = given(new.mac)?;
    let (up, down) = (new.upload.unwrap_or_else(|| "1M".into()), new.download.unwrap_or_else(|| "2M".into()));
    let (up_bps, down_bps) = (rate_of(&up)?, rate_of(&down)?);
    let rate = RateLimit { up_bps: Some(up_bps), down_bps: Some(down_bps) };
    is_there(&state, new.router.as_deref()).await?;
    let request = LimitRequest {
        who: LimitWho::Mac(mac),
        router: new.router,
        rate,
        plan: None,
        unlimited: false,
        until: None,
        dry_run: false,
    };
    let setting = async move { state.operations.set_limit(&caller.actor, request).await };
    let set =
        operations::spawn_on_behalf(setting).await.map_err(|broken| broke_off(&broken))?.map_err(refused)?;
    if set.found == Some(LimitFound::Away) {
        return Err(Problem::not_found(
            "no such hotspot user is active any more; the limit is set if they come back before their session counts as ended",
        ));
    }
    let warning = set.found.filter(|found| matches!(found, LimitFound::WithoutEffect(_)));
    let warning = warning.as_ref().map(found_for_people);
    let message = format!("Bandwidth limit set to {}/{}", limit(up_bps), limit(down_bps));
    Ok(Json(BandwidthDone { success: true, message, warning }))
}

/// Removes the limit of a hotspot device. With none there it is a success too.
#[utoipa::path(
    post,
    path = "/admin/api/remove-bandwidth",
    tag = "compat",
    operation_id = "compat_remove_bandwidth",
    request_body = RemoveBandwidth,
    responses((status = 200, description = "The router shows none of ours", body = BandwidthDone), Errors)
)]
pub(super) async fn remove(
    Within(state): Within,
    Caller(caller): Caller,
    Body(asked): Body<RemoveBandwidth>,
) -> Result<Json<BandwidthDone>, Problem> {
    let who = LimitWho::Mac(given(asked.mac)?);
    is_there(&state, asked.router.as_deref()).await?;
    let removing = async move {
        state.operations.remove_limit(&caller.actor, asked.router.as_deref(), &who, false).await
    };
    match operations::spawn_on_behalf(removing).await.map_err(|broken| broke_off(&broken))? {
        // Who is not there is not limited.
        Ok(_) | Err(OperationError::NotFound(_)) => {}
        Err(error) => return Err(refused(error)),
    }
    Ok(Json(BandwidthDone { success: true, message: "Bandwidth limit removed".to_owned(), warning: None }))
}

/// Who names a router that is not there means another one.
async fn is_there(state: &ServerState, router: Option<&str>) -> Result<(), Problem> {
    match router {
        Some(router) => state.operations.router(router).await.map(drop).map_err(refused),
        None => Ok(()),
    }
}

fn given(mac: Option<String>) -> Result<String, Problem> {
    mac.filter(|mac| !mac.is_empty()).ok_or_else(|| Problem::bad_request("MAC address is required"))
}

fn rate_of(text: &str) -> Result<u64, Problem> {
    speed(text).map_err(|wrong| Problem::bad_request(wrong.to_string()))
}

fn refused(error: OperationError) -> Problem {
    match error {
        OperationError::Invalid(why) => Problem::bad_request(why),
        OperationError::Router(
            error @ (RouterCommandError::Refused(_)
            | RouterCommandError::Unreachable(_)
            | RouterCommandError::TimedOut
            | RouterCommandError::NotPolled),
        ) => Problem::new(StatusCode::BAD_GATEWAY, error.to_string()),
        other => other.into(),
    }
}

fn broke_off(broken: &tokio::task::JoinError) -> Problem {
    tracing::error!(%broken, "changing a limit broke off");
    Problem::internal("Changing the limit broke off. Look at the limits before you try again.")
}
