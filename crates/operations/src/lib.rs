//! What a person or a rule can do with Tikmeter: routers, subscribers, tokens, readings. No HTTP and no sockets:
//! faces call it, and it calls the routers through the trait [`RouterCommands`].

mod clock;
mod manual_clock;
mod router_commands;
mod router_status;

pub use clock::{Clock, SystemClock};
pub use manual_clock::ManualClock;
pub use router_commands::{ReadNow, RouterCommandError, RouterCommands};
pub use router_status::{ErrorKind, PHASES, Phase, RoundReport, RouterStatus, StatusBoard};
