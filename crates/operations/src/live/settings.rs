//! How much may be watched, and for how long.

use std::time::Duration;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonitorSettings {
    /// Whether anybody can be watched.
    pub enabled: bool,
    /// Subscribers watched at the same time.
    pub slots: u32,
    /// A started monitor that nobody reads ends after so long; zero: never.
    pub idle: Duration,
}

impl Default for MonitorSettings {
    fn default() -> Self {
        MonitorSettings { enabled: true, slots: 50, idle: Duration::from_secs(30 * 60) }
    }
}

impl MonitorSettings {
    /// Subscribers watched at the same time: none where watching is off.
    pub(super) fn most(&self) -> u32 {
        if self.enabled { self.slots } else { 0 }
    }
}
