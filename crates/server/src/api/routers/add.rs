//! POST /api/v1/routers

use axum::extract::State;
use axum::http::StatusCode;
use operations::NewRouter;
use utoipa::IntoResponses;

use super::shape::{fingerprint, router, tls};
use crate::api::model::router::{self as model, Router};
use crate::auth::Caller;
use crate::extract::Json;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(409, "A router has this name already.")])
    }
}

/// Adds a router; it is read at once unless it is added disabled.
#[utoipa::path(
    post,
    path = "/api/v1/routers",
    tag = "routers",
    operation_id = "add_router",
    request_body = model::NewRouter,
    responses((status = 201, description = "The router as added", body = Router), Errors)
)]
pub(in crate::api) async fn add(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Json(new): Json<model::NewRouter>,
) -> Result<(StatusCode, axum::Json<Router>), Problem> {
    let added = state.operations.add_router(&caller.actor, asked(new)?).await?;
    Ok((StatusCode::CREATED, axum::Json(router(added))))
}

/// As it is asked for.
pub(in crate::api) fn asked(new: model::NewRouter) -> Result<NewRouter, Problem> {
    let mode = tls(new.tls);
    Ok(NewRouter {
        name: new.name,
        host: new.host,
        port: new.port.unwrap_or(mode.usual_port()),
        tls: mode,
        fingerprint: new.fingerprint.as_deref().map(fingerprint).transpose()?,
        username: new.username,
        password: new.password,
        link_speed_bps: new.link_speed_bps.map(|count| count.0),
        interval_ms: new.interval_ms,
        group: new.group,
        enabled: new.enabled,
    })
}
