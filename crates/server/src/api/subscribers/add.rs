//! POST /api/v1/subscribers

use axum::http::StatusCode;
use operations::{SubscriberRequest, counted_by};
use store::Scope;
use utoipa::IntoResponses;

use super::shape::subscriber;
use crate::api::model::name::Name;
use crate::api::model::subscriber::{NewSubscriber, Subscriber};
use crate::auth::{Caller, Within};
use crate::extract::Json;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(409, "The username or the login is taken, or there is nothing to adopt.")])
    }
}

/// Adds a subscriber: from now on its login's octets count into its first cycle; with `adopt_from` also what the login used
/// before, and then nobody is added unless there is something to adopt.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers",
    tag = "subscribers",
    operation_id = "add_subscriber",
    request_body = NewSubscriber,
    responses((status = 201, description = "The subscriber as added", body = Subscriber), Errors)
)]
pub(in crate::api) async fn add(
    Within(state): Within,
    Caller(caller): Caller,
    Json(new): Json<NewSubscriber>,
) -> Result<(StatusCode, axum::Json<Subscriber>), Problem> {
    let bytes = |name: Option<Name>| name.map(|name| Vec::from(name.0));
    let (interface, queue) = (bytes(new.interface), bytes(new.queue));
    let login = counted_by(new.service.as_deref(), bytes(new.login), interface.as_deref(), queue.as_deref());
    let request = SubscriberRequest {
        username: new.username,
        name: new.name,
        login: login?,
        scope: new.router.map_or(Scope::All, Scope::Router),
        service: new.service,
        plan: new.plan,
        expiry_at: new.expiry_at.map(|at| at.0),
        zone: new.zone,
        note: new.note,
        adopt_from: new.adopt_from.map(|from| from.0),
    };
    let added = state.operations.add_subscriber(&caller.actor, request).await?;
    Ok((StatusCode::CREATED, axum::Json(subscriber(added))))
}
