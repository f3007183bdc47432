//! The paths, fields and error texts of the tools that Tikmeter replaces, kept over the same operations as `/api/v1`.
//!
//! * `body`: what they take
//! * `bandwidth`: speed limits of hotspot devices, as the piso-net tool took them
//! * `monitor`: who is watched live, as the customer traffic monitor answered it
//! * `sample`: what they move, as its WebSocket sent it
//! * `traffic`: what users of the hotspot move and what limits them, as the piso-net tool answered it
//! * `users`: usage of a subscriber's cycle, as the PPPoE usage tool answered it

mod bandwidth;
mod body;
mod errors;
mod monitor;
mod sample;
mod service;
mod traffic;
mod users;

pub(crate) use errors::in_their_words;
pub(crate) use monitor::{id as customer_id, refused, watch_errors};
pub(crate) use sample::sample;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::ServerState;

/// Endpoints that wait for a router. All of them need a token.
pub(crate) fn slow_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(bandwidth::set)).routes(routes!(bandwidth::remove))
}

/// Their other endpoints. All of them need a token.
pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new()
        .routes(routes!(users::list))
        .routes(routes!(users::show, users::change))
        .routes(routes!(monitor::start))
        .routes(routes!(monitor::stop))
        .routes(routes!(monitor::status))
        .routes(routes!(traffic::list))
}
