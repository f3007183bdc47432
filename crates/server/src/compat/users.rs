//! GET /api/mikrotik/users, GET and PUT /api/mikrotik/users/{id}

use std::collections::HashMap;
use std::sync::Arc;

use accounting::Octets;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use operations::{Operations, SubscriberPatch};
use store::{Renews, Subscriber};
use utoipa::IntoResponses;
use uuid::Uuid;

use super::body::Body as Sent;
use super::errors::declared;
use super::service::service_type;
use crate::api::model::compat_user::{ChangedCompatUser, CompatUsage, CompatUser, CompatUserPatch};
use crate::api::status_of;
use crate::auth::{Caller, Within};
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};
use crate::text::cut_off;

struct ListErrors;

impl IntoResponses for ListErrors {
    fn responses() -> Declared {
        declared(problem::read(&[]))
    }
}

struct ShowErrors;

impl IntoResponses for ShowErrors {
    fn responses() -> Declared {
        declared(problem::read(&[(404, "No subscriber has this id.")]))
    }
}

struct ChangeErrors;

impl IntoResponses for ChangeErrors {
    fn responses() -> Declared {
        declared(problem::write(&[(404, "No subscriber has this id.")]))
    }
}

/// All subscribers.
#[utoipa::path(
    get,
    path = "/api/mikrotik/users",
    tag = "compat",
    operation_id = "compat_list_users",
    responses((status = 200, description = "All of them", body = Vec<CompatUser>), ListErrors)
)]
pub(super) async fn list(Within(state): Within) -> Result<Response, Problem> {
    let operations = Arc::clone(&state.operations);
    let sessions = operations.open_session_octets(None).await?;
    let page = operations.export_subscribers(None).await?;
    let begin = Part { operations, sessions, page, begun: false, over: false };
    let body = Body::from_stream(stream::try_unfold(begin, Part::next));
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

/// One subscriber.
#[utoipa::path(
    get,
    path = "/api/mikrotik/users/{id}",
    tag = "compat",
    operation_id = "compat_show_user",
    params(("id" = Uuid, Path, description = "Id of the subscriber")),
    responses((status = 200, description = "The subscriber", body = CompatUser), ShowErrors)
)]
pub(super) async fn show(
    Within(state): Within,
    Path(id): Path<String>,
) -> Result<axum::Json<CompatUser>, Problem> {
    let id = known_form(&id)?;
    let view = state.operations.subscriber(&id.to_string()).await?;
    let sessions = state.operations.open_session_octets(Some(id)).await?;
    Ok(axum::Json(user(view.subscriber, &sessions)))
}

/// Changes a subscriber. A new date that is later than the stored one, or the first, and still to come is a renewal.
#[utoipa::path(
    put,
    path = "/api/mikrotik/users/{id}",
    tag = "compat",
    operation_id = "compat_change_user",
    params(("id" = Uuid, Path, description = "Id of the subscriber")),
    request_body = CompatUserPatch,
    responses((status = 200, description = "The subscriber as it is now", body = ChangedCompatUser), ChangeErrors)
)]
pub(super) async fn change(
    Within(state): Within,
    Caller(caller): Caller,
    Path(id): Path<String>,
    Sent(patch): Sent<CompatUserPatch>,
) -> Result<axum::Json<ChangedCompatUser>, Problem> {
    let id = known_form(&id)?;
    let patch = SubscriberPatch {
        name: patch.name,
        status: patch.status.as_deref().map(status_of).transpose()?,
        plan: patch.package,
        expiry: patch.expiry_date.map(|expiry| expiry.map(|expiry| expiry.0)),
        zone: None,
        note: None,
        renews: if patch.renewal == Some(false) { Renews::Never } else { Renews::ByDate },
    };
    let changed = state.operations.change_subscriber(&caller.actor, &id.to_string(), patch).await?;
    let sessions = state.operations.open_session_octets(Some(id)).await?;
    let user = user(changed.view.subscriber, &sessions);
    Ok(axum::Json(ChangedCompatUser { user, renewed: changed.renewed }))
}

/// Usernames are no ids here.
fn known_form(id: &str) -> Result<Uuid, Problem> {
    id.parse().map_err(|_| {
        Problem::not_found(
            "No subscriber has this id, which is no UUID; GET /api/mikrotik/users lists all ids.",
        )
    })
}

fn user(row: Subscriber, sessions: &HashMap<Uuid, Octets>) -> CompatUser {
    CompatUser {
        id: row.id,
        username: row.username,
        name: row.name,
        service_type: service_type(&row.service),
        status: row.status.as_str().to_owned(),
        expiry_date: row.expiry_at.map(Into::into),
        package: row.plan,
        cycle_data_usage: row.cycle.map(|cycle| usage(cycle.octets)).unwrap_or_default(),
        session_data_usage: sessions.get(&row.id).copied().map(usage).unwrap_or_default(),
    }
}

fn usage(octets: Octets) -> CompatUsage {
    CompatUsage { upload: octets.input, download: octets.output }
}

/// An array, page by page.
struct Part {
    operations: Arc<Operations>,
    sessions: HashMap<Uuid, Octets>,
    page: Vec<Subscriber>,
    begun: bool,
    over: bool,
}

impl Part {
    async fn next(mut self) -> Result<Option<(Vec<u8>, Part)>, String> {
        if self.over {
            return Ok(None);
        }
        let last = self.page.last().map(|last| last.username.clone());
        let mut text = Vec::new();
        for subscriber in self.page.drain(..) {
            text.push(if self.begun { b',' } else { b'[' });
            self.begun = true;
            serde_json::to_writer(&mut text, &user(subscriber, &self.sessions)).map_err(cut_off)?;
        }
        match last {
            Some(last) => {
                self.page = self.operations.export_subscribers(Some(&last)).await.map_err(cut_off)?
            }
            None => {
                text.extend_from_slice(if self.begun { b"]" } else { b"[]" });
                self.over = true;
            }
        }
        Ok(Some((text, self)))
    }
}
