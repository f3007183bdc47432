//! Commands to routers that another process polls: given to it over Redis, written down in the database before they are carried
//! out, answered over Redis, and looked up in the database where no answer comes.
//!
//! * `message`, `outcome`, `wire`: what is sent
//! * `asker`, `answers`, [`remote`]: the side that asks
//! * `taker`, [`executor`], `settling`: the side that carries out

mod answers;
mod asker;
mod executor;
mod in_hand;
mod message;
pub(crate) mod outcome;
mod remote;
mod settling;
mod taker;
mod wire;

pub use asker::Asker;
pub use executor::{Executor, RouterExecutor};
pub use message::Order;
pub use outcome::Outcome;
pub use remote::RemoteRouters;
pub use settling::Leads;
pub use taker::Taker;
