//! GET /api/v1/key, POST /api/v1/key/rotate

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use operations::{KeyPlace, KeyStanding};
use utoipa::IntoResponses;

use crate::api::model::key::{KeySource, KeyView};
use crate::auth::Caller;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

struct RotateErrors;

impl IntoResponses for RotateErrors {
    fn responses() -> Declared {
        problem::read(&[(
            409,
            "It is replaced elsewhere, or another process has another key; the answer says what to do.",
        )])
    }
}

/// Where the key to the routers' passwords comes from, and what it opens. The key itself is never told.
#[utoipa::path(
    get,
    path = "/api/v1/key",
    tag = "server",
    operation_id = "show_key",
    responses((status = 200, description = "How the key stands", body = KeyView), Errors)
)]
pub(super) async fn show(State(state): State<ServerState>) -> Result<Json<KeyView>, Problem> {
    Ok(Json(view(state.operations.key_standing().await?)))
}

/// Makes a new key and seals every router's password anew with it: all of them, or none. Routers are read on meanwhile. It goes on
/// when the answer is not waited for.
#[utoipa::path(
    post,
    path = "/api/v1/key/rotate",
    tag = "server",
    operation_id = "rotate_key",
    responses((status = 200, description = "How the new key stands", body = KeyView), RotateErrors)
)]
pub(super) async fn rotate(
    State(state): State<ServerState>,
    Caller(caller): Caller,
) -> Result<Json<KeyView>, Problem> {
    let operations = Arc::clone(&state.operations);
    let rotating = operations::spawn_on_behalf(async move { operations.rotate_key(&caller.actor).await });
    let stands = rotating.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
    Ok(Json(view(stands)))
}

fn view(stands: KeyStanding) -> KeyView {
    let source = match &stands.place {
        Some(KeyPlace::File(_)) => KeySource::File,
        Some(KeyPlace::Credential(_)) => KeySource::Credential,
        None => KeySource::Memory,
    };
    KeyView {
        source,
        path: stands.place.map(|place| place.path().display().to_string()),
        fingerprint: stands.fingerprint,
        since: stands.since.map(Into::into),
        older: stands.older,
        opens: stands.opens,
        lost: stands.lost,
        unlike: stands.unlike,
    }
}
