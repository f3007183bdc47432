//! POST /api/v1/subscribers/{subscriber}/renew

use operations::SubscriberPatch;
use store::Renews;
use utoipa::IntoResponses;

use super::shape::subscriber;
use crate::api::model::subscriber::{Renew, Renewed};
use crate::auth::{Caller, Within};
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(404, "No subscriber has this username or id.")])
    }
}

/// Renews a subscriber: reads its routers for 5 seconds at most, closes its cycle and opens the next, in any case.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers/{subscriber}/renew",
    tag = "subscribers",
    operation_id = "renew_subscriber",
    params(("subscriber" = String, Path, description = "Username or id")),
    request_body = Renew,
    responses((status = 200, description = "What it came to", body = Renewed), Errors)
)]
pub(in crate::api) async fn renew(
    Within(state): Within,
    Caller(caller): Caller,
    Path(key): Path<String>,
    Json(asked): Json<Renew>,
) -> Result<axum::Json<Renewed>, Problem> {
    let renews = if asked.expiry_at.is_some() { Renews::ByDate } else { Renews::Always };
    let expiry = asked.expiry_at.map(|expiry| Some(expiry.0));
    let patch = SubscriberPatch { expiry, renews, ..SubscriberPatch::default() };
    let changed = state.operations.change_subscriber(&caller.actor, &key, patch).await?;
    Ok(axum::Json(Renewed {
        renewed: changed.renewed,
        expiry_at_before: changed.expiry_before.map(Into::into),
        unread_routers: changed.unread,
        subscriber: subscriber(changed.view),
    }))
}
