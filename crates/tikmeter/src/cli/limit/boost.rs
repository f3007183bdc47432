//! `tikmeter limit boost`.

use serde::Serialize;

use super::set::Outcome;
use super::who::Who;
use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::quantity;

/// A speed for a while.
#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct BoostArgs {
    #[command(flatten)]
    #[serde(flatten)]
    who: Who,
    /// On this router
    #[arg(long)]
    router: Option<String>,
    /// What they may send, for example 10M (bits per second); without it as fast as they can
    #[arg(long, value_name = "SPEED", value_parser = quantity::bps, required_unless_present = "down")]
    #[serde(rename = "up_bps")]
    up: Option<u64>,
    /// What they may receive
    #[arg(long, value_name = "SPEED", value_parser = quantity::bps)]
    #[serde(rename = "down_bps")]
    down: Option<u64>,
    /// For so long from now on, for example 2h
    #[arg(long = "for", value_name = "TIME", value_parser = seconds)]
    #[serde(rename = "for_s")]
    lasts: u64,
    /// Show the commands that would be sent, and send none of them
    #[arg(long)]
    dry_run: bool,
}

impl BoostArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        caller.add(&["limits"], self, |outcome: &Outcome| outcome.shown(self.dry_run)).await
    }
}

/// Whole seconds, one at least.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    let seconds = quantity::millis(text)? / 1_000;
    (seconds > 0).then_some(seconds).ok_or_else(|| "it lasts for a second at least".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        boost: BoostArgs,
    }

    #[test]
    fn a_speed_and_a_time_are_needed() {
        let line = Line::try_parse_from(["x", "--login", "eva", "--down", "10M", "--for", "2h"]).unwrap();
        let sent = serde_json::to_value(&line.boost).unwrap();
        assert_eq!((&sent["down_bps"], &sent["for_s"]), (&json!(10_000_000), &json!(7_200)));
        for wrong in [&["x", "--login", "eva", "--for", "2h"][..], &["x", "--login", "eva", "--up", "1M"]] {
            assert!(Line::try_parse_from(wrong).is_err(), "{wrong:?}");
        }
    }
}
