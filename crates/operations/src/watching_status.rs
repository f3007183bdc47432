//! What a router is asked on its control connection for those who are watched.

use serde_json::{Value, json};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchingStatus {
    /// Commands sent for them within the last minute.
    pub commands_last_minute: usize,
    /// Whether a stream of samples runs: there is one for all of them.
    pub streams: bool,
    /// How busy the router's processors are, in percent; asked only while somebody is watched.
    pub cpu_load_percent: Option<u64>,
    /// It is asked less often, because it has much to do.
    pub slowed: bool,
}

impl WatchingStatus {
    pub(crate) fn told(&self) -> Value {
        json!({
            "commands_last_minute": self.commands_last_minute,
            "streams": self.streams,
            "cpu_load_percent": self.cpu_load_percent,
            "slowed": self.slowed,
        })
    }

    /// A program of an earlier version tells nothing of it.
    pub(crate) fn read(told: &Value) -> WatchingStatus {
        let commands = told["commands_last_minute"].as_u64().unwrap_or_default();
        WatchingStatus {
            commands_last_minute: usize::try_from(commands).unwrap_or(usize::MAX),
            streams: told["streams"].as_bool().unwrap_or_default(),
            cpu_load_percent: told["cpu_load_percent"].as_u64(),
            slowed: told["slowed"].as_bool().unwrap_or_default(),
        }
    }
}
