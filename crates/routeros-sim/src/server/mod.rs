//! The router on a socket: a TCP server on loopback that speaks the binary API for one [`World`](crate::world::World).

mod accept;
mod connection;
mod desk;
mod hold;
mod job;
mod login;
mod outlet;
mod router;
mod shared;
mod stats;

pub use router::{Options, SimRouter, TimeMode};
pub use stats::Stats;
