//! PATCH /api/v1/routers/{name}

use axum::extract::State;
use operations::{RouterEdited, RouterPatch};
use utoipa::IntoResponses;

use super::shape::{fingerprint, router, tls};
use crate::api::model::router::{self as model, RouterChanged};
use crate::auth::Caller;
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "No router has this name."),
            (409, "Another router has the new name, or this one is configured in the file."),
        ])
    }
}

/// Changes a router. Another host, port, TLS mode or user needs the password in the same request. What was set on one that is disabled
/// is taken off first, and whoever is kept out of it let in; `stays` says what is not.
#[utoipa::path(
    patch,
    path = "/api/v1/routers/{name}",
    tag = "routers",
    operation_id = "change_router",
    params(("name" = String, Path, description = "The router's name")),
    request_body = model::RouterPatch,
    responses((status = 200, description = "The router as changed", body = RouterChanged), Errors)
)]
pub(in crate::api) async fn change(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    Json(patch): Json<model::RouterPatch>,
) -> Result<axum::Json<RouterChanged>, Problem> {
    let patch = asked(patch)?;
    // Who asked may go away in between; what was begun is brought to its end, as with a removal.
    let changing = async move { state.operations.edit_router(&caller.actor, &name, patch).await };
    let changed = operations::spawn_on_behalf(changing).await.map_err(|broken| {
        tracing::error!(%broken, "changing a router broke off");
        Problem::internal("Changing the router broke off. Look at the routers before you try again.")
    })?;
    let RouterEdited { router: changed, stays } = changed?;
    Ok(axum::Json(RouterChanged { router: router(changed), stays }))
}

fn asked(patch: model::RouterPatch) -> Result<RouterPatch, Problem> {
    Ok(RouterPatch {
        name: patch.name,
        host: patch.host,
        port: patch.port,
        tls: patch.tls.map(tls),
        fingerprint: patch
            .fingerprint
            .map(|given| given.as_deref().map(fingerprint).transpose())
            .transpose()?,
        username: patch.username,
        password: patch.password,
        link_speed_bps: patch.link_speed_bps.map(|speed| speed.map(|count| count.0)),
        interval_ms: patch.interval_ms,
        zone: patch.zone,
        group: patch.group,
        enabled: patch.enabled,
    })
}
