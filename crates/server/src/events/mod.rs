//! Telling other programs what happened, over a Redis stream: rows that rounds wrote into the database are sent in their
//! order, and deleted once Redis has them. At least once, in order within a router; accounting never waits for it.

mod batch;
mod board;
mod entry;
mod publisher;
mod settings;
mod trimming;

pub use board::{EventsBoard, EventsStatus, EventsWaiting};
pub use publisher::{Mine, Publisher};
pub use settings::EventsSettings;

/// The stream.
pub const STREAM: &str = "tikmeter:events";
