//! Speed limits on a router: which queues are to stand, and what makes them stand so. Prints here are no readings and never reach
//! the accounting (DESIGN rule 3).
//!
//! * `present`: who is connected now
//! * `aim`: which queues are to stand for them
//! * `matching`: which queue takes whose traffic
//! * `plan`: the commands that make it so, pure
//! * `bonds`: which sessions limits end with
//! * `places`: which queues may be put before the router's own
//! * `found`, `said`: how it stands then
//! * `queue_index`: a router's queues by name and by target
//! * `logins`, `traffic`: what users of the hotspot move and what limits them, while somebody looks
//! * `order`, `look`, `pass`, `keeper`: asking and sending, one pass at a time

mod aim;
mod bonds;
#[cfg(test)]
mod followed_tests;
mod found;
mod keeper;
mod logins;
mod look;
mod matching;
#[cfg(test)]
mod matching_tests;
mod order;
mod pass;
mod places;
mod plan;
#[cfg(test)]
mod plan_tests;
mod present;
mod queue_index;
mod said;
mod traffic;
#[cfg(test)]
mod traffic_tests;

pub use keeper::{Keeper, MOST_ORDERS, Told};
pub use order::{Kept, Order};
pub use traffic::Traffic;
