//! DELETE /api/v1/limits

use axum::Json;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::shape::outcome;
use super::whom::whom;
use crate::api::model::limit::LimitOutcome;
use crate::api::model::name::Name;
use crate::auth::{Caller, Within};
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "None is wanted for them, and they are not connected."),
            (409, "Several fit; the detail names them. Or the router is not polled."),
            (422, "For whom it is makes no sense."),
            (424, "The router cannot be reached, or refuses; it is removed as soon as it can be."),
        ])
    }
}

/// For whom none is wanted any more. Exactly one of `mac`, `username`, `address` and `subscriber`.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// A device of the hotspot.
    mac: Option<String>,
    /// A login, as its router gives it.
    #[param(value_type = Option<String>)]
    username: Option<Name>,
    /// An address or prefix.
    address: Option<String>,
    /// A subscriber, by username or id.
    subscriber: Option<String>,
    /// On this router.
    router: Option<String>,
    /// What their plan or voucher says is wanted again; otherwise they are as fast as they can be until their session ends.
    #[serde(default)]
    #[param(default = false)]
    reset: bool,
    /// Only find out what would be sent.
    #[serde(default)]
    #[param(default = false)]
    dry_run: bool,
}

/// Wants a limit no more, and removes its queue. With none there it is a success too.
#[utoipa::path(
    delete,
    path = "/api/v1/limits",
    tag = "limits",
    operation_id = "remove_limit",
    params(Asked),
    responses((status = 200, description = "It is removed", body = LimitOutcome), Errors)
)]
pub(in crate::api) async fn remove(
    Within(state): Within,
    Caller(caller): Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<LimitOutcome>, Problem> {
    let who = whom(asked.mac, asked.username, asked.address, asked.subscriber)?;
    let (router, dry_run) = (asked.router, asked.dry_run);
    let removing = async move {
        match asked.reset {
            true => state.operations.reset_limit(&caller.actor, router.as_deref(), &who, dry_run).await,
            false => state.operations.remove_limit(&caller.actor, router.as_deref(), &who, dry_run).await,
        }
    };
    let removed = operations::spawn_on_behalf(removing).await.map_err(|broken| {
        tracing::error!(%broken, "removing a limit broke off");
        Problem::internal("Removing the limit broke off. Look at the limits before you try again.")
    })?;
    Ok(Json(outcome(removed?, dry_run)))
}
