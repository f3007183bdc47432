//! GET /metrics

use std::collections::HashMap;
use std::fmt::Display;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use store::NasId;
use utoipa::IntoResponses;

use super::processes::Processes;
use super::routers::Routers;
use super::{backups, events, live, redis_uses, traffic};
use crate::events::EventsWaiting;
use crate::problem::{self, Declared, Problem};
use crate::state::{ServerState, VERSION};

/// What the text encoder writes.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// How the program and its routers do. Programs on the server's own host need no token.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "server",
    security((), ("token" = [])),
    responses(
        (status = 200, description = "OpenMetrics text", content_type = "application/openmetrics-text", body = str),
        Errors
    )
)]
pub(crate) async fn metrics(State(state): State<ServerState>) -> Result<Response, Problem> {
    let names = names(&state).await;
    let mut registry = Registry::default();
    registry.register("tikmeter_build", "The running program", Info::new(vec![("version", VERSION)]));
    registry.register(
        "tikmeter_simulated",
        "1 while the routers are simulated",
        ConstGauge::new(i64::from(state.simulated)),
    );
    registry.register(
        "tikmeter_store_up",
        "1 while the database answers and takes the readings of every router",
        ConstGauge::new(i64::from(takes_readings(&state).await)),
    );
    if let Some(seen) = known("processes", state.operations.processes().await) {
        registry.register_collector(Box::new(Processes(seen)));
    }
    state.requests.register(&mut registry);
    live::register(&mut registry, &state.operations.monitors.status(), &state.live);
    redis_uses::register(&mut registry, &state.uses.all());
    if let Some(portal) = &state.portal {
        portal.register(&mut registry);
    }
    if let Some(made) = &state.backups {
        backups::register(&mut registry, &made.state());
    }
    if let Some(board) = &state.traffic {
        traffic::register(&mut registry, &board.status());
    }
    if let Some(board) = &state.events {
        let queues = known("events that wait", state.store().outbox().await);
        let waiting = queues.map(|queues| EventsWaiting::of(&queues));
        events::register(&mut registry, &board.status(), waiting, state.operations.clock.now());
    }
    if let Some(names) = names {
        let (board, now) = (state.operations.board.clone(), state.operations.clock.now());
        registry.register_collector(Box::new(Routers { board, names, now }));
    }
    let mut text = String::new();
    encode(&mut text, &registry)
        .map_err(|_| Problem::internal("The metrics could not be written as text."))?;
    Ok(([(CONTENT_TYPE, MEDIA_TYPE)], text).into_response())
}

async fn takes_readings(state: &ServerState) -> bool {
    matches!(state.operations.store_trouble().await, Ok(None))
}

/// The routers' names.
async fn names(state: &ServerState) -> Option<HashMap<NasId, String>> {
    let routers = known("routers", state.store().list_nas().await)?;
    Some(routers.into_iter().map(|nas| (nas.id, nas.config.name)).collect())
}

/// Without a database these are not known, and their series are missing rather than wrong.
fn known<T>(what: &str, asked: Result<T, impl Display>) -> Option<T> {
    asked.inspect_err(|error| tracing::warn!(%error, "the metrics lack the {what}")).ok()
}
