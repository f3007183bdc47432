//! Watching subscribers live.

use std::time::Duration;

use operations::MonitorSettings;

use crate::config::loaded::Loaded;
use crate::config::problem::Problem;
use crate::config::settings::yes_or_no;
use crate::quantity;

/// Subscribers that can be watched at the same time: a router answers slowly when it is asked about very many.
const MOST_SLOTS: u32 = 10_000;
/// Shorter, and a monitor would end while its reader connects anew.
const SHORTEST_IDLE: Duration = Duration::from_secs(60);

impl Loaded {
    /// Who can be watched, how many, and for how long without a reader.
    pub(super) fn monitor(&self) -> Result<MonitorSettings, Problem> {
        Ok(MonitorSettings {
            enabled: self.parsed("monitor.enabled", yes_or_no)?,
            slots: self.parsed("monitor.slots", slots)?,
            idle: self.parsed("monitor.idle", idle)?,
        })
    }
}

fn slots(text: &str) -> Result<u32, String> {
    let slots = text.parse().ok().filter(|slots| (1..=MOST_SLOTS).contains(slots));
    slots.ok_or_else(|| format!("`{}` is no number from 1 to {MOST_SLOTS}", text.escape_debug()))
}

/// 0 stands for ever.
fn idle(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let idle = Duration::from_millis(quantity::millis(text)?);
    if idle >= SHORTEST_IDLE {
        return Ok(idle);
    }
    Err(format!("it is at least {} s, or 0 for ever", SHORTEST_IDLE.as_secs()))
}
