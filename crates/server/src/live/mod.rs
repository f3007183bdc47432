//! Live samples over WebSockets.
//!
//! One task ([`feed`]) takes what is put up on the board and makes the bytes of each sample once for each form; all clients
//! share them through a ring. A [`client`] takes from the ring whom it looks at, several at a time with one flush. The ring
//! is the only queue: who is further behind loses the oldest, and the samples' numbers tell how many ([`tally`]).
//!
//! * `gateway`: how many clients there can be; `routes`: the endpoints
//! * `watch`: GET /ws, as the customer traffic monitor had it
//! * `v1`: GET /api/v1/live
//! * `between`: who is watched on routers that another process polls

mod between;
mod client;
mod counts;
mod end;
mod event;
mod feed;
mod gateway;
mod questions;
pub(crate) mod routes;
mod settings;
mod tally;
mod upgrade;
mod v1;
mod watch;

pub use between::LiveBetween;
pub(crate) use feed::run;
pub(crate) use gateway::Gateway;
pub use settings::LiveSettings;

/// What is said as a connection is closed because of this message, if it is none of this API.
pub(crate) fn closed_by(words: &str) -> Option<String> {
    let end = questions::read(words).err()?;
    end.told().map(|frame| frame.reason.to_string())
}
