//! Commands to routers that another process polls: given to it over Redis, written down in the database before they are carried
//! out, answered over Redis, and looked up in the database where no answer comes.
//!
//! * `message`, `outcome`, `wire`, `wire_disconnect`, `wire_limits`, `wire_planned`, `wire_queues`, `wire_traffic`, `wire_vouchers`: what is sent
//! * `asker`, `answers`, [`remote`]: the side that asks
//! * `taker`, [`executor`], `performer`, `settling`: the side that carries out
//! * `recorded`: the same without Redis, for what changes a router that this process polls

mod answers;
mod asker;
mod executor;
mod in_hand;
mod message;
pub(crate) mod outcome;
mod performer;
mod recorded;
mod remote;
mod settling;
mod taker;
mod wire;
mod wire_disconnect;
mod wire_doctor;
mod wire_limits;
mod wire_planned;
mod wire_queues;
mod wire_traffic;
mod wire_vouchers;

pub use asker::Asker;
pub use executor::{Executor, RouterExecutor};
pub use message::Order;
pub use outcome::Outcome;
pub use performer::Performer;
pub use recorded::RecordedRouters;
pub use remote::RemoteRouters;
pub use settling::{Leads, keep_settling};
pub use taker::Taker;
