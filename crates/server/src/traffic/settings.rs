//! How samples are told.

use crate::redis_link::RedisUrl;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct TrafficSettings {
    /// Where Redis is.
    pub redis: RedisUrl,
    /// About how many entries the stream keeps.
    pub stream_entries: u64,
}
