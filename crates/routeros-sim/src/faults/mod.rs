//! What can go wrong on purpose: faults that are armed, counted, and cleared while the router serves.

mod armed;
mod fault;
mod hooks;
mod plan;

pub use armed::Faults;
pub use fault::{Cut, Fault};
pub use plan::{FaultId, Plan, Times};

pub(crate) use fault::CommandFaults;
pub(crate) use hooks::Hooks;
