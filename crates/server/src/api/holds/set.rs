//! POST /api/v1/holds

use std::time::Duration;

use axum::Json;
use operations::{BlockRequest, Blocked};
use utoipa::IntoResponses;

use crate::api::disconnects::one::shape;
use crate::api::limits::whom::whom;
use crate::api::model::hold::{NewHold, NewHoldOutcome, OtherSession};
use crate::auth::{Caller, Within};
use crate::extract;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "Nobody of whom it is for is connected, or they went by themselves; nothing was changed."),
            (
                409,
                "Several fit, they are kept out already, they log in nowhere, somebody else is ending a session of theirs, or the router is \
                 disabled.",
            ),
            (424, "The router cannot be reached, refuses, or did not answer."),
        ])
    }
}

/// The longest: as long as a disconnect can hold.
const LONGEST_S: u64 = 30 * 86_400;

/// Blocks somebody who is connected: keeps them out of their router for a while and ends all sessions that they have there. A device of the
/// hotspot is kept out by a binding that blocks its MAC, a PPP login by its local secret switched off; both are undone on time.
#[utoipa::path(
    post,
    path = "/api/v1/holds",
    tag = "routers",
    operation_id = "set_hold",
    request_body = NewHold,
    responses((status = 200, description = "What became of their sessions", body = NewHoldOutcome), Errors)
)]
pub(in crate::api) async fn set(
    Within(state): Within,
    Caller(caller): Caller,
    extract::Json(new): extract::Json<NewHold>,
) -> Result<Json<NewHoldOutcome>, Problem> {
    let request = BlockRequest {
        who: whom(new.mac, new.username, None, new.subscriber)?,
        router: new.router,
        lasts: Duration::from_secs(new.for_s.unwrap_or(LONGEST_S)),
        dry_run: new.dry_run,
    };
    // Who asked may go away in between; what was begun is brought to its end, and into the journal.
    let blocking = async move { state.operations.block(&caller.actor, request).await };
    let blocked = operations::spawn_on_behalf(blocking).await.map_err(|broken| {
        tracing::error!(%broken, "keeping somebody out broke off");
        Problem::internal("Keeping them out broke off. Look at the holds before you try again.")
    })?;
    Ok(Json(outcome(blocked?)))
}

fn outcome(Blocked { first, others }: Blocked) -> NewHoldOutcome {
    let others = others.into_iter().map(|(session, ended)| match ended {
        Ok(ended) => OtherSession { session: session.no, told: shape(ended).told, is_ended: true },
        Err(why) => OtherSession { session: session.no, told: why.to_string(), is_ended: false },
    });
    NewHoldOutcome { others: others.collect(), first: shape(first) }
}
