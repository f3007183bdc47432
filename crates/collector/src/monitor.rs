//! What watched subscribers move now, asked for on a router's control connection: one `monitor-traffic` for all whose
//! interfaces it can measure, and counters read twice for the others. Readings made here are for display and reach no total
//! (DESIGN rule 3).
//!
//! [`Desk`] knows what is in flight and what is due, and neither sockets nor clocks: the control connection lends it both.
//!
//! * `look`: by which interfaces somebody is found now
//! * `stream`: the running `monitor-traffic`
//! * `suspects`: which of its interfaces it is that it is refused for
//! * `differences`: counters read twice
//! * `load`: how busy it is
//! * `said`: what comes of it
//! * `budget`: what the router is asked at most, and slower when it has much to do

pub(crate) mod asked;
mod budget;
mod desk;
mod differences;
mod load;
mod look;
mod names;
mod said;
mod stream;
mod suspects;

pub use budget::{Budget, Pace};
pub use desk::Desk;
pub use said::Said;
