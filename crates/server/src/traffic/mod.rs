//! Live samples over the Redis stream [`TRAFFIC_STREAM`], with the fields of the customer traffic monitor, at least once.
//!
//! They are no accounting data and wait in memory only: for ten minutes of all slots, and what is lost beyond is counted.

mod board;
mod entry;
mod publisher;
mod readers;
mod settings;
mod waiting;

pub use board::{TrafficBoard, TrafficStatus};
pub use publisher::TrafficPublisher;
pub use settings::TrafficSettings;

/// Where they are told.
pub const TRAFFIC_STREAM: &str = "mikrotik:traffic:customers";
