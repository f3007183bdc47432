//! The router on a socket: a server on loopback, TCP or TLS, that speaks the binary API for one [`World`](crate::world::World).

mod accept;
mod api_ssl;
mod certificate;
mod connection;
mod desk;
mod hold;
mod job;
mod login;
mod monitors;
mod outlet;
mod router;
mod shared;
mod stats;

pub use api_ssl::ApiSsl;
pub use certificate::{Authority, Certificate, KeyKind};
pub use router::{Options, SimRouter, TimeMode};
pub use stats::Stats;
