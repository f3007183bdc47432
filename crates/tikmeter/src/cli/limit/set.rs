//! `tikmeter limit set`.

use serde::{Deserialize, Serialize};

use super::who::Who;
use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::printable;
use crate::quantity;

/// A limit.
#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct SetArgs {
    #[command(flatten)]
    #[serde(flatten)]
    who: Who,
    /// On this router
    #[arg(long)]
    router: Option<String>,
    /// What they may send, for example 1M or 512K (bits per second); without it as fast as they can
    #[arg(
        long,
        value_name = "SPEED",
        value_parser = quantity::bps,
        required_unless_present_any = ["down", "plan", "unlimited"]
    )]
    #[serde(rename = "up_bps")]
    up: Option<u64>,
    /// What they may receive
    #[arg(long, value_name = "SPEED", value_parser = quantity::bps)]
    #[serde(rename = "down_bps")]
    down: Option<u64>,
    /// The speeds of this plan, as they are now; --up and --down go before them
    #[arg(long, value_name = "NAME")]
    plan: Option<String>,
    /// As fast as they can, whatever their plan or voucher says
    #[arg(long, conflicts_with_all = ["up", "down", "plan"])]
    unlimited: bool,
    /// It ends by itself at this instant, for example 2026-12-31T14:00:00Z
    #[arg(long, value_name = "INSTANT", value_parser = quantity::instant, conflicts_with = "sticky")]
    until: Option<String>,
    /// It holds until somebody removes it; otherwise it ends with their session
    #[arg(long)]
    sticky: bool,
    /// Show the commands that would be sent, and send none of them
    #[arg(long)]
    dry_run: bool,
}

/// What the server says came of it.
#[derive(Deserialize)]
pub(super) struct Outcome {
    router: String,
    kind: String,
    subject: String,
    told: String,
    commands: Vec<String>,
}

impl SetArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        caller.add(&["limits"], self, |outcome: &Outcome| outcome.shown(self.dry_run)).await
    }
}

impl Outcome {
    /// The commands are shown where none of them was sent.
    pub(super) fn shown(&self, dry_run: bool) -> String {
        let whose = format!(
            "{} {} on router {}: {}",
            printable(&self.kind),
            printable(&self.subject),
            printable(&self.router),
            printable(&self.told)
        );
        let commands = self.commands.iter().filter(|_| dry_run);
        commands.fold(whose, |shown, command| shown + "\n" + &printable(command))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        set: SetArgs,
    }

    #[test]
    fn a_speed_a_plan_or_that_there_is_no_limit_has_to_be_said() {
        let parsed = |words: &[&str]| Line::try_parse_from([&["x", "--login", "eva"], words].concat());
        for words in [&["--up", "1M"][..], &["--down", "1M"], &["--plan", "home", "--up", "1M"]] {
            assert!(!parsed(words).unwrap().set.unlimited, "{words:?}");
        }
        let free = serde_json::to_value(&parsed(&["--unlimited"]).unwrap().set).unwrap();
        assert_eq!((&free["unlimited"], &free["up_bps"]), (&true.into(), &serde_json::Value::Null));
        for wrong in
            [&["--sticky"][..], &[], &["--unlimited", "--down", "1M"], &["--unlimited", "--plan", "a"]]
        {
            assert!(parsed(wrong).is_err(), "{wrong:?}");
        }
    }
}
