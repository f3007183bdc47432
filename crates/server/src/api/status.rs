//! GET /api/v1/status

use axum::Json;
use operations::OperationError;
use store::SeenNode;
use utoipa::IntoResponses;

use crate::api::model::status::{
    EventsState, EventsStatus, Process, RedisUseStatus, RouterCounts, Status, StoreState, StoreStatus,
};
use crate::auth::Within;
use crate::events::{EventsBoard, EventsWaiting};
use crate::problem::{self, Declared, Problem};
use crate::state::{ServerState, VERSION};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// How the installation stands.
#[utoipa::path(
    get,
    path = "/api/v1/status",
    tag = "status",
    responses((status = 200, description = "The installation at a glance", body = Status), Errors)
)]
pub(super) async fn status(Within(state): Within) -> Result<Json<Status>, Problem> {
    let overview = state.operations.overview().await?;
    // What waits for Redis is of all routers.
    let is_whole = state.operations.reach.is_everything();
    let events = match state.events.as_ref().filter(|_| is_whole) {
        Some(board) => {
            let queues = state.store().outbox().await.map_err(OperationError::from)?;
            Some(events_status(board, EventsWaiting::of(&queues)))
        }
        None => None,
    };
    Ok(Json(Status {
        version: VERSION.to_owned(),
        simulated: state.simulated,
        started_at: state.started_at.into(),
        store: store_status(overview.store_stalled),
        events,
        redis: if is_whole { redis_uses(&state) } else { Vec::new() },
        routers: RouterCounts {
            total: number(overview.routers),
            online: number(overview.routers_online),
            trouble: number(overview.routers_in_trouble),
        },
        node: state.operations.node.name.clone(),
        processes: overview.processes.into_iter().map(process).collect(),
        subscribers: overview.subscribers,
        held_entries: overview.held,
    }))
}

fn process(seen: SeenNode) -> Process {
    Process {
        name: seen.name,
        role: seen.role.as_str().to_owned(),
        alive: seen.is_alive,
        silent_ms: u64::try_from(seen.silent_us / 1_000).unwrap_or(0),
        routers: seen.routers,
    }
}

/// That it answers is known when this is asked.
fn store_status(stalled: Option<String>) -> StoreStatus {
    let state = if stalled.is_some() { StoreState::Stalled } else { StoreState::Ok };
    StoreStatus { state, message: stalled }
}

fn events_status(board: &EventsBoard, waiting: EventsWaiting) -> EventsStatus {
    let status = board.status();
    let state = match (&status.trouble, status.up) {
        (Some(_), _) => EventsState::Trouble,
        (None, true) => EventsState::Ok,
        (None, false) => EventsState::Starting,
    };
    EventsStatus {
        state,
        message: status.trouble,
        waiting: waiting.events,
        waiting_bytes: waiting.bytes,
        oldest_at: waiting.oldest_at.map(Into::into),
        told: status.told,
        lost: waiting.lost,
    }
}

fn redis_uses(state: &ServerState) -> Vec<RedisUseStatus> {
    let samples = state.traffic.as_ref().map(|board| ("live_samples", board.status().trouble));
    let between = state.uses.all().into_iter().map(|(what, trouble)| (what.as_str(), trouble));
    let shown = |(what, message): (&str, Option<String>)| RedisUseStatus {
        r#use: what.to_owned(),
        up: message.is_none(),
        message,
    };
    samples.into_iter().chain(between).map(shown).collect()
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
