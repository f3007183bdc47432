//! DELETE /api/v1/holds

use axum::Json;
use operations::HoldWho;
use serde::Deserialize;
use store::HoldSubject;
use utoipa::{IntoParams, IntoResponses};

use super::shape::hold;
use crate::api::model::hold::Hold;
use crate::api::model::name::Name;
use crate::auth::{Caller, Within};
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "They are not kept out of that router, or no router has this name.")])
    }
}

/// Who is to be let in again. Exactly one of `mac` and `username`.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// The router.
    router: String,
    /// A device of the hotspot.
    mac: Option<String>,
    /// A PPP login, as its router gives it.
    #[param(value_type = Option<String>)]
    username: Option<Name>,
}

/// Lets somebody in again before their time is over. The router is told within seconds, as soon as it can be reached.
#[utoipa::path(
    delete,
    path = "/api/v1/holds",
    tag = "routers",
    operation_id = "release_hold",
    params(Asked),
    responses((status = 200, description = "It is over", body = Hold), Errors)
)]
pub(in crate::api) async fn release(
    Within(state): Within,
    Caller(caller): Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Hold>, Problem> {
    let subject = match (asked.mac, asked.username) {
        (Some(mac), None) => HoldSubject::Device(mac.to_ascii_uppercase().into_bytes()),
        (None, Some(login)) => HoldSubject::Ppp(login.0.into()),
        _ => {
            return Err(Problem::bad_request(
                "Say who is to be let in by exactly one of mac and username; nothing was changed.",
            ));
        }
    };
    let who = HoldWho { router: asked.router, subject };
    let released = state.operations.release_hold(&caller.actor, who).await.map_err(problem::in_query)?;
    Ok(Json(hold(released)))
}
