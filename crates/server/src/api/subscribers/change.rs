//! PATCH /api/v1/subscribers/{subscriber}

use operations::SubscriberPatch as Patch;
use store::{Renews, SubscriberStatus};
use utoipa::IntoResponses;

use super::shape::subscriber;
use crate::api::model::subscriber::{Subscriber, SubscriberPatch};
use crate::auth::{Caller, Within};
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(404, "No subscriber has this username or id.")])
    }
}

/// Corrects a subscriber; its cycle goes on, whatever happens to its date.
#[utoipa::path(
    patch,
    path = "/api/v1/subscribers/{subscriber}",
    tag = "subscribers",
    operation_id = "change_subscriber",
    params(("subscriber" = String, Path, description = "Username or id")),
    request_body = SubscriberPatch,
    responses((status = 200, description = "The subscriber as it is now", body = Subscriber), Errors)
)]
pub(in crate::api) async fn change(
    Within(state): Within,
    Caller(caller): Caller,
    Path(key): Path<String>,
    Json(patch): Json<SubscriberPatch>,
) -> Result<axum::Json<Subscriber>, Problem> {
    let patch = Patch {
        name: patch.name,
        status: patch.status.as_deref().map(status_of).transpose()?,
        plan: patch.plan,
        expiry: patch.expiry_at.map(|expiry| expiry.map(|expiry| expiry.0)),
        zone: patch.zone,
        note: patch.note,
        renews: Renews::Never,
    };
    let changed = state.operations.change_subscriber(&caller.actor, &key, patch).await?;
    Ok(axum::Json(subscriber(changed.view)))
}

/// The status of that name.
///
/// # Errors
/// A problem that lists those there are.
pub(crate) fn status_of(name: &str) -> Result<SubscriberStatus, Problem> {
    SubscriberStatus::from_name(name).ok_or_else(|| {
        let name = name.escape_debug();
        Problem::invalid(format!(
            "Nothing was changed: \"{name}\" is no status; a subscriber is active, suspended or inactive."
        ))
    })
}
