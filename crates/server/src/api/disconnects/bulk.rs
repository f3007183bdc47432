//! POST /api/v1/disconnects/bulk

use std::time::Duration;

use axum::Json;
use operations::{
    BulkEnd, BulkFilter, BulkPreview, EndedSession, Fate, OperationError, RouterCommandError, ShownSessions,
    many,
};
use store::{SessionOwner, SessionRow};
use utoipa::IntoResponses;

use super::sentence::sentence;
use crate::api::model::bulk_disconnect::{BulkDisconnect, BulkOutcome, BulkSession, NewBulkDisconnect};
use crate::api::model::name::Name;
use crate::auth::{Caller, Within};
use crate::extract;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(409, "The sessions are not those that were listed; nothing was ended.")])
    }
}

/// Ends the sessions of many on one router, in two steps. Without `shown` the sessions that fit are listed, by the last readings, and
/// nothing is sent. With their numbers and the digest of that answer they are ended, one after the other, each as by
/// `/api/v1/disconnects`, and each in the journal; what came since is left alone. At most 20 in one go, some seven seconds each. What
/// became of each is told in an answer of 200, also where it was not ended. With `dry_run` those that fit are listed with what would be
/// sent for each. With `hold_s` whoever had one is kept out from then on.
#[utoipa::path(
    post,
    path = "/api/v1/disconnects/bulk",
    tag = "routers",
    operation_id = "disconnect_bulk",
    request_body = NewBulkDisconnect,
    responses((status = 200, description = "Who would be met, or what became of each", body = BulkDisconnect), Errors)
)]
pub(in crate::api) async fn disconnect_bulk(
    Within(state): Within,
    Caller(caller): Caller,
    extract::Json(new): extract::Json<NewBulkDisconnect>,
) -> Result<Json<BulkDisconnect>, Problem> {
    let filter = BulkFilter {
        router: new.router,
        service: new.service,
        plan: new.plan,
        login_start: new.username_start.map(|name| name.0.into()),
    };
    let hold = new.hold_s.map(Duration::from_secs);
    let Some(shown) = new.shown else {
        let found = state.operations.preview_disconnects(&filter, hold).await?;
        if !new.dry_run {
            return Ok(Json(preview(found, hold)));
        }
        let planned = state.operations.plan_disconnects(&caller.actor, &filter, &found, hold).await?;
        let sessions = planned.into_iter().map(|end| thought(end, hold)).collect();
        return Ok(Json(BulkDisconnect { digest: Some(found.digest), more: Some(found.more), sessions }));
    };
    if new.dry_run {
        return Err(Problem::invalid(EITHER));
    }
    let shown = ShownSessions { sessions: shown.sessions, digest: shown.digest };
    // Who asked may go away in between; what was begun is brought to its end, and into the journal.
    let ending = async move { state.operations.disconnect_shown(&caller.actor, &filter, &shown, hold).await };
    let ends = operations::spawn_on_behalf(ending).await.map_err(|broken| {
        tracing::error!(%broken, "ending sessions broke off");
        Problem::internal("Ending the sessions broke off. Look at the sessions before you try again.")
    })?;
    Ok(Json(BulkDisconnect { digest: None, more: None, sessions: ends?.into_iter().map(ended).collect() }))
}

const EITHER: &str = "Ask either what would be sent, with dry_run, or give what was shown to have it ended; nothing was ended.";

fn preview(preview: BulkPreview, hold: Option<Duration>) -> BulkDisconnect {
    BulkDisconnect {
        digest: Some(preview.digest),
        more: Some(preview.more),
        sessions: preview.sessions.into_iter().map(|row| shown(row, hold)).collect(),
    }
}

fn shown(row: SessionRow, hold: Option<Duration>) -> BulkSession {
    BulkSession {
        session: row.no,
        username: Name(row.username.into()),
        service: row.service.as_str().to_owned(),
        calling_station_id: Name(row.calling_station_id.into()),
        subscriber: row.subscriber,
        outcome: BulkOutcome::Shown,
        told: format!("It is open; nothing was sent.{}", kept_out(hold)),
        held_until: None,
        commands: Vec::new(),
    }
}

fn kept_out(hold: Option<Duration>) -> String {
    hold.map_or_else(String::new, |hold| {
        format!(" Whoever has it would be kept out for {}.", many(hold.as_secs(), "second"))
    })
}

fn thought(end: BulkEnd, hold: Option<Duration>) -> BulkSession {
    let mut session = ended(end);
    if session.outcome == BulkOutcome::Shown {
        session.told += &kept_out(hold);
    }
    session
}

fn ended(end: BulkEnd) -> BulkSession {
    let BulkEnd { session, owner, result } = end;
    let SessionOwner { username, service, calling_station_id, subscriber, .. } = owner;
    let (outcome, told) = match &result {
        Ok(ended) => (fate(ended), sentence(ended)),
        Err(error) => (failure(error), error.to_string()),
    };
    let held_until = result.as_ref().ok().and_then(|ended| ended.held_until);
    BulkSession {
        session,
        username: Name(username.into()),
        service: service.as_str().to_owned(),
        calling_station_id: Name(calling_station_id.into()),
        subscriber,
        outcome,
        told,
        held_until: held_until.map(Into::into),
        commands: result.map(|ended| ended.commands).unwrap_or_default(),
    }
}

fn fate(ended: &EndedSession) -> BulkOutcome {
    match ended.fate {
        Fate::Planned => BulkOutcome::Shown,
        Fate::Gone { .. } => BulkOutcome::Gone,
        Fate::CameBack { .. } => BulkOutcome::CameBack,
    }
}

fn failure(error: &OperationError) -> BulkOutcome {
    match error {
        OperationError::NotFound(_) => BulkOutcome::LeftAlone,
        OperationError::Router(RouterCommandError::Unknown(_)) => BulkOutcome::NotKnown,
        _ => BulkOutcome::NotEnded,
    }
}
