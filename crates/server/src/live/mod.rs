//! Live samples over WebSockets.
//!
//! One task ([`feed`]) takes what is put up on the board and makes the bytes of each sample once for each form; all clients
//! share them through a ring. A [`client`] takes from the ring whom it looks at, several at a time with one flush. The ring
//! is the only queue: who is further behind loses the oldest, and the samples' numbers tell how many ([`tally`]).
//!
//! * `gateway`: how many clients there can be
//! * `watch`: GET /ws, as the customer traffic monitor had it
//! * `v1`: GET /api/v1/live

mod client;
mod counts;
mod end;
mod event;
mod feed;
mod gateway;
mod questions;
mod settings;
mod tally;
mod upgrade;
mod v1;
mod watch;

pub(crate) use feed::run;
pub(crate) use gateway::Gateway;
pub use settings::LiveSettings;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::ServerState;

/// The endpoint whose token may stand in the address, because it had no other place.
pub(crate) fn watch_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(watch::watch))
}

/// The other one.
pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(v1::live))
}
