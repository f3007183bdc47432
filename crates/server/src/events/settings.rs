//! How events are told.

use std::time::Duration;

use crate::redis_link::RedisUrl;

/// How events are told.
#[derive(Clone, Debug, PartialEq)]
pub struct EventsSettings {
    /// Where Redis is.
    pub redis: RedisUrl,
    /// About how many entries the stream keeps.
    pub stream_entries: u64,
    /// About how many entries the stream of live samples keeps.
    pub traffic_entries: u64,
    /// How long events that cannot be told are kept.
    pub keep: Duration,
    /// How many bytes of them.
    pub keep_bytes: u64,
}
