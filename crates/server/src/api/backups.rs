//! GET and POST /api/v1/backups

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use operations::{Backups, FoundBackup};
use utoipa::IntoResponses;

use crate::api::model::backups::{BackupView, BackupsView};
use crate::auth::Caller;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(409, "This process makes no backups, or its folder cannot be read.")])
    }
}

struct MakeErrors;

impl IntoResponses for MakeErrors {
    fn responses() -> Declared {
        problem::read(&[(409, "One is being made, this process makes none, or it could not be written.")])
    }
}

/// How the backups of this process stand, and which there are.
#[utoipa::path(
    get,
    path = "/api/v1/backups",
    tag = "server",
    operation_id = "list_backups",
    responses((status = 200, description = "The backups", body = BackupsView), Errors)
)]
pub(super) async fn list(State(state): State<ServerState>) -> Result<Json<BackupsView>, Problem> {
    let backups = of(&state)?.clone();
    let listing = tokio::task::spawn_blocking(move || backups.list().map(|found| (found, backups)));
    let (found, backups) =
        listing.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
    let (plan, stands) = (backups.plan(), backups.state());
    let (failed_at, failure) = stands.last_failure.unzip();
    Ok(Json(BackupsView {
        folder: plan.folder.display().to_string(),
        every_s: plan.every.map(|every| every.as_secs()),
        keep: plan.keep as u64,
        is_encrypted: plan.passphrase.is_some(),
        is_running: stands.is_running,
        last_success: stands.last_success.map(Into::into),
        failed_at: failed_at.map(Into::into),
        failure,
        items: found.into_iter().map(view).collect(),
    }))
}

/// Makes a backup now, and answers when it is there. It goes on when the answer is not waited for.
#[utoipa::path(
    post,
    path = "/api/v1/backups",
    tag = "server",
    operation_id = "make_backup",
    responses((status = 201, description = "It was made", body = BackupView), MakeErrors)
)]
pub(super) async fn make(
    State(state): State<ServerState>,
    Caller(caller): Caller,
) -> Result<(StatusCode, Json<BackupView>), Problem> {
    let (backups, operations) = (of(&state)?.clone(), Arc::clone(&state.operations));
    let making = tokio::spawn(async move { operations.make_backup(&backups, &caller.actor).await });
    let made = making.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
    Ok((StatusCode::CREATED, Json(view(made))))
}

fn of(state: &ServerState) -> Result<&Backups, Problem> {
    state.backups.as_ref().ok_or_else(|| Problem::conflict("This process makes no backups."))
}

fn view(one: FoundBackup) -> BackupView {
    BackupView {
        name: one.name,
        octets: one.octets,
        made_at: one.at.map(Into::into),
        is_encrypted: match &one.header {
            Ok(header) => header.as_ref().is_none_or(|header| header.is_sealed),
            Err(_) => false,
        },
        problem: one.header.err(),
    }
}
