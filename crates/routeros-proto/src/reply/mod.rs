//! What a client receives, and which command it belongs to.

mod event;
mod sentence;
mod tagged;
mod track;
mod trap;
mod untagged;

pub use event::{Event, Finished, Ignored};
pub use sentence::{Reply, ReplyKind};
pub use tagged::Tagged;
pub use trap::Trap;
pub use untagged::Untagged;
