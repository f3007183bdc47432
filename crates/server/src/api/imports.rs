//! POST /api/v1/imports

use axum::Json;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use operations::{Beside, BesideReport};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::{IntoParams, IntoResponses};

use super::model::whole_import::{NewImport, WholeImport};
use super::subscribers::import::{refused, taken};
use super::{plans, routers};
use crate::auth::Caller;
use crate::extract::{self, Query};
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

/// Largest body taken, bytes.
const MOST_BYTES: usize = 32 * 1024 * 1024;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (409, "Another import is being made, or somebody changed the same things meanwhile."),
            (413, "The body is larger than 32 MiB."),
            (415, "The body is not declared as JSON."),
            (
                422,
                "Something in it is wrong; nothing was imported. Faults of the subscribers' file are told as by `/api/v1/subscribers.csv`.",
            ),
        ])
    }
}

/// How to import.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only tell what would happen.
    #[serde(default)]
    #[param(required = false, default = false)]
    pub(super) dry_run: bool,
}

/// What is imported, and the turn to import it.
pub(super) struct Turn<T> {
    pub(super) body: T,
    /// Whoever holds it is alone.
    pub(super) turn: OwnedSemaphorePermit,
}

impl<T: DeserializeOwned + Send> FromRequest<ServerState> for Turn<T> {
    type Rejection = Problem;

    async fn from_request(mut request: Request, state: &ServerState) -> Result<Self, Problem> {
        let turn = state.imports.clone().try_acquire_owned().map_err(|_| {
            Problem::conflict(
                "Nothing was imported: another import is being made. Try again when it is done.",
            )
        })?;
        DefaultBodyLimit::max(MOST_BYTES).apply(&mut request);
        let extract::Json(body) = extract::Json::from_request(request, state).await?;
        Ok(Turn { body, turn })
    }
}

/// Imports what another program had, all of it or nothing: adds routers and plans that are not there yet by name, then subscribers as
/// `/api/v1/subscribers.csv` does. Importing twice changes nothing the second time. The body may have 32 MiB.
#[utoipa::path(
    post,
    path = "/api/v1/imports",
    tag = "server",
    operation_id = "import_whole",
    params(Asked),
    request_body = NewImport,
    responses(
        (status = 200, description = "What it came to", body = WholeImport),
        Errors
    )
)]
pub(super) async fn import(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Query(asked): Query<Asked>,
    Turn { body: import, turn }: Turn<NewImport>,
) -> Result<Response, Problem> {
    let routers = import.routers.into_iter().map(routers::add::asked).collect::<Result<_, _>>()?;
    let plans = import.plans.into_iter().map(plans::add::asked).collect();
    let (beside, file) = (Beside { routers, plans }, import.subscribers.into_bytes());
    let imported = state.operations.import_beside(&caller.actor, beside, file, asked.dry_run).await;
    drop(turn);
    let BesideReport { new_routers, known_routers, new_plans, known_plans, subscribers } = imported?;
    if subscribers.faults_total > 0 {
        return Ok(refused(subscribers));
    }
    let subscribers = taken(subscribers, asked.dry_run);
    Ok(Json(WholeImport { new_routers, known_routers, new_plans, known_plans, subscribers }).into_response())
}
