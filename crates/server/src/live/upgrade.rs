//! From a request to a client.

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::StatusCode;
use axum::response::Response;
use operations::{ReachedRouters, View};
use tokio::sync::OwnedSemaphorePermit;

use super::client::{Client, Form};
use super::tally::Tally;
use crate::auth::Credential;
use crate::problem::Problem;
use crate::state::ServerState;

/// What is spoken, where a client asks.
const PROTOCOL: &str = "tikmeter";
/// Largest message that is read, octets.
const MESSAGE_BYTES: usize = 4_096;
/// Octets that wait for one write.
const WRITE_BYTES: usize = 16 * 1_024;

/// What axum makes of a request.
pub(super) type Asked = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

/// A request that is a WebSocket's beginning.
pub(super) fn upgrade(asked: Asked) -> Result<WebSocketUpgrade, Problem> {
    asked.map_err(|rejection| {
        Problem::new(
            StatusCode::UPGRADE_REQUIRED,
            format!("This address is for WebSockets: {}.", rejection.body_text()),
        )
    })
}

/// Makes a client of it. It keeps its place and its view until it is gone.
pub(super) fn open(
    upgrade: WebSocketUpgrade,
    credential: Credential,
    (place, (view, reached), form): (OwnedSemaphorePermit, (View, ReachedRouters), Form),
    state: &ServerState,
) -> Response {
    let events = state.live.follow();
    let mut tally = Tally::default();
    for monitor in state.operations.monitors.status().monitors {
        tally.begin(monitor.customer.id, monitor.last.map_or(0, |last| last.no));
    }
    let (operations, gateway) = (Arc::clone(&state.operations), state.live.clone());
    let counted = gateway.tasks.token();
    let upgrade = upgrade
        // Who offers protocols hangs up where none of them is taken; the token that may stand beside it is never sent back.
        .protocols([PROTOCOL])
        .max_message_size(MESSAGE_BYTES)
        .max_frame_size(MESSAGE_BYTES)
        .read_buffer_size(MESSAGE_BYTES)
        .write_buffer_size(WRITE_BYTES);
    upgrade.on_upgrade(async move |socket| {
        let client =
            Client::new(socket, (form, credential), (view, reached), (events, tally), operations, gateway);
        client.run().await;
        drop((place, counted));
    })
}
