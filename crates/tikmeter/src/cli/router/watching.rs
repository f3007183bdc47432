//! What a router is asked for those who are watched live.

use serde::Deserialize;

use crate::output::many;

/// See the module.
#[derive(Debug, Deserialize)]
pub(super) struct Watching {
    commands_last_minute: u64,
    streams: bool,
    cpu_load_percent: Option<u64>,
    slowed: bool,
}

impl Watching {
    /// In a sentence; nothing where it is asked nothing.
    pub(super) fn told(&self) -> Option<String> {
        if self.commands_last_minute == 0 && !self.streams {
            return None;
        }
        let stream = if self.streams { "one stream of samples" } else { "no stream" };
        let commands = many(self.commands_last_minute, "command");
        let load = self.cpu_load_percent.map(|percent| format!("; its processors are {percent} % busy"));
        let slowed = if self.slowed { ", so it is asked less often" } else { "" };
        Some(format!("{stream}, {commands} within a minute{}{slowed}", load.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_router_that_is_asked_nothing_is_not_spoken_of() {
        let asked = |commands_last_minute, streams, cpu_load_percent, slowed| {
            Watching { commands_last_minute, streams, cpu_load_percent, slowed }.told()
        };
        assert_eq!(asked(0, false, None, false), None);
        assert_eq!(asked(3, false, None, false).unwrap(), "no stream, 3 commands within a minute");
        let busy = "one stream of samples, 1 command within a minute; its processors are 97 % busy, so it is asked less often";
        assert_eq!(asked(1, true, Some(97), true).unwrap(), busy);
    }
}
