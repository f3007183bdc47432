//! POST /api/v1/disconnects

use std::time::Duration;

use axum::Json;
use operations::{DisconnectRequest, EndedSession, Fate};
use utoipa::IntoResponses;

use super::sentence::sentence;
use crate::api::model::disconnect::{Disconnect, DisconnectOutcome, NewDisconnect};
use crate::api::model::name::Name;
use crate::auth::{Caller, Within};
use crate::extract;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "No such session is open, or it had ended by itself; nothing was removed."),
            (
                409,
                "Several sessions fit, somebody else is ending one of this login, they are kept out already, or the router is disabled.",
            ),
            (424, "The router cannot be reached, refuses, or did not answer."),
        ])
    }
}

/// Ends one session on its router: a last reading, the hotspot's cookies of this user and this device, then exactly this
/// session; the router is looked at for some seconds afterwards. Success means that it showed the session no more.
#[utoipa::path(
    post,
    path = "/api/v1/disconnects",
    tag = "routers",
    operation_id = "disconnect",
    request_body = NewDisconnect,
    responses((status = 200, description = "What became of it", body = Disconnect), Errors)
)]
pub(in crate::api) async fn disconnect(
    Within(state): Within,
    Caller(caller): Caller,
    extract::Json(new): extract::Json<NewDisconnect>,
) -> Result<Json<Disconnect>, Problem> {
    let request = DisconnectRequest {
        login: new.username.0.into(),
        router: new.router,
        session: new.session,
        caller: new.calling_station_id.map(|name| name.0.into()),
        hold: new.hold_s.map(Duration::from_secs),
        dry_run: new.dry_run,
    };
    // Who asked may go away in between; what was begun is brought to its end, and into the journal.
    let ending = async move { state.operations.disconnect(&caller.actor, request).await };
    let ended = operations::spawn_on_behalf(ending).await.map_err(|broken| {
        tracing::error!(%broken, "ending a session broke off");
        Problem::internal("Ending the session broke off. Look at the sessions before you try again.")
    })?;
    Ok(Json(shape(ended?)))
}

/// What became of one, towards clients.
pub(in crate::api) fn shape(ended: EndedSession) -> Disconnect {
    let told = sentence(&ended);
    let EndedSession { session, fate, commands, also_gone, held_until } = ended;
    let (outcome, back) = match fate {
        Fate::Planned => (DisconnectOutcome::Planned, None),
        Fate::Gone { .. } => (DisconnectOutcome::Gone, None),
        Fate::CameBack { after_s, by } => (DisconnectOutcome::CameBack, Some((after_s, by))),
    };
    Disconnect {
        router: session.router,
        session: session.no,
        username: Name(session.username.into()),
        service: session.service.as_str().to_owned(),
        calling_station_id: Name(session.calling_station_id.into()),
        outcome,
        told,
        back_after_s: back.map(|(after_s, _)| after_s),
        back_by: back.map(|(_, by)| by.as_str().to_owned()),
        also_gone,
        held_until: held_until.map(Into::into),
        commands,
    }
}
