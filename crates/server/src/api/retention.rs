//! GET /api/v1/retention, POST /api/v1/retention/run

use std::sync::Arc;

use accounting::time::Micros;
use axum::Json;
use axum::extract::State;
use utoipa::IntoResponses;

use crate::api::model::retention::{Retention, RetentionOfRouter, RetentionRun};
use crate::auth::Caller;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

struct RunErrors;

impl IntoResponses for RunErrors {
    fn responses() -> Declared {
        problem::read(&[(409, "All detail is kept: nothing is ever folded.")])
    }
}

/// How long 15-minute entries are kept, and what the next run would fold. It counts them, which takes time.
#[utoipa::path(
    get,
    path = "/api/v1/retention",
    tag = "server",
    responses((status = 200, description = "What is kept", body = Retention), Errors)
)]
pub(super) async fn show(State(state): State<ServerState>) -> Result<Json<Retention>, Problem> {
    // Before the beginning of time nothing can be folded.
    let (before, routers) = match state.detail_months {
        Some(months) => {
            let preview = state.operations.retention_preview(months).await?;
            (Some(preview.before), preview.routers)
        }
        None => {
            (None, state.operations.store.foldable(i64::MIN).await.map_err(operations::OperationError::from)?)
        }
    };
    let of_router = |of: store::Foldable| RetentionOfRouter {
        router: of.router,
        detail_from: of.folded_until.map(|bucket| Micros(bucket.saturating_mul(Micros::BUCKET)).into()),
        entries: of.entries,
    };
    Ok(Json(Retention {
        detail_months: state.detail_months,
        before: before.map(Into::into),
        entries: routers.iter().map(|of| of.entries).sum(),
        routers: routers.into_iter().map(of_router).collect(),
    }))
}

/// Folds now what is old enough; it happens by itself every hour. It goes on when the answer is not waited for.
#[utoipa::path(
    post,
    path = "/api/v1/retention/run",
    tag = "server",
    operation_id = "run_retention",
    responses((status = 200, description = "What was folded", body = RetentionRun), RunErrors)
)]
pub(super) async fn run(
    State(state): State<ServerState>,
    Caller(caller): Caller,
) -> Result<Json<RetentionRun>, Problem> {
    let months = state.detail_months.ok_or_else(|| {
        Problem::conflict(
            "Nothing was folded: the configuration keeps all detail ([retention] detail_months = 0).",
        )
    })?;
    let operations = Arc::clone(&state.operations);
    let folding =
        operations::spawn_on_behalf(
            async move { operations.fold_history(&caller.actor, months, || true).await },
        );
    let run = folding.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
    Ok(Json(RetentionRun { entries: run.entries, routers: run.routers }))
}
