//! Tikmeter's face towards clients: the REST API under `/api/v1` with its OpenAPI document, `/metrics`, `/healthz`
//! and `/readyz`, live samples over WebSockets, the web admin and the plain built-in page. It decides nothing: it understands requests, checks tokens, calls
//! `operations` and puts the answers into the types of [`api::model`]. `compat` keeps the paths of the tools it replaces;
//! `portal` is for those who have a voucher and no token, on a socket of its own.

mod accepting;
#[cfg(test)]
mod accepting_tests;
mod admin;
pub mod api;
mod auth;
mod bounded;
mod certificate;
mod commands;
mod compat;
mod cookie;
mod crowd;
mod door;
mod events;
mod extract;
#[doc(hidden)]
pub mod fuzzed;
mod health;
mod layers;
mod live;
mod log_board;
mod metrics;
mod one_host;
mod page;
mod portal;
mod problem;
mod proxies;
mod redis_link;
mod redis_uses;
mod router;
mod serve;
mod signing_in;
mod state;
mod text;
mod traffic;
mod tries;

pub use api::diagnosis_text;
pub use certificate::ServedCertificate;
pub use commands::{
    Asker, Executor, Leads, Order, Outcome, Performer, RecordedRouters, RemoteRouters, RouterExecutor, Taker,
    keep_settling,
};
pub use events::{EventsBoard, EventsSettings, EventsStatus, EventsWaiting, Mine, Publisher, STREAM};
pub use live::{LiveBetween, LiveSettings};
pub use log_board::{LOG_KEPT_US, LogBoard, LogLevel, LogLine, MOST_LOG_BYTES};
pub use portal::{PortalCounts, PortalDesk, PortalState, portal, serve_portal};
pub use proxies::Proxies;
pub use redis_link::RedisUrl;
pub use redis_uses::{RedisUse, RedisUses};
pub use router::{openapi, router};
pub use serve::{serve, serve_tls};
pub use state::ServerState;
pub use traffic::{TRAFFIC_STREAM, TrafficBoard, TrafficPublisher, TrafficSettings, TrafficStatus};
