//! Devices of vouchers on a router: who is to be in, and what makes it so. Prints here are no readings and never reach the accounting
//! (DESIGN rule 3).
//!
//! * `present`: what the router shows of hotspot users, logins, cookies and devices in sight
//! * `terms`: how long and how much a user may be in, so that the router alone ends it in time and never early
//! * `plan`: the commands that make it so, pure
//! * `look`, `pass`, `keeper`: asking and sending, one pass at a time
//! * `answer`: what is told of a pass

mod answer;
mod keeper;
mod look;
mod order;
mod pass;
mod plan;
#[cfg(test)]
mod plan_tests;
mod present;
#[cfg(test)]
mod simple_router;
mod terms;

pub use keeper::{Keeper, MOST_ORDERS};
pub use order::Order;
