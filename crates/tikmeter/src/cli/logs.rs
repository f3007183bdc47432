//! `tikmeter logs`: the latest lines of the server's log.

use clap::ValueEnum;
use serde::Deserialize;

use super::caller::Caller;
use super::paging::count;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{instant, printable};

/// Which lines.
#[derive(Debug, clap::Args)]
pub(crate) struct LogsArgs {
    /// Only those that matter at least so much
    #[arg(long, default_value = "info")]
    level: Level,
    /// At most so many, the latest; 1000 at most
    #[arg(long, value_name = "N", value_parser = count, default_value = "100")]
    limit: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    /// For whoever looks for a fault; written only where `TIKMETER_LOG` says so
    Debug,
    /// Good to know
    Info,
    /// Act soon
    Warn,
    /// Act now
    Error,
}

#[derive(Deserialize)]
struct Line {
    at: String,
    level: String,
    text: String,
}

impl LogsArgs {
    /// Shows them, the latest last.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let level = match self.level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        };
        let query = [("level", Some(level)), ("limit", Some(self.limit.as_str()))];
        let answer = caller.client.get(&["logs"], &query).await?;
        caller.show(&answer, |page: &Page<Line>| text(&page.items))
    }
}

fn text(lines: &[Line]) -> String {
    if lines.is_empty() {
        return "The server has said nothing of that kind since it was started.".to_owned();
    }
    let line = |line: &Line| {
        format!("{} {:5} {}", instant(Some(&line.at)), line.level.to_uppercase(), printable(&line.text))
    };
    lines.iter().rev().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_latest_is_last_and_commands_no_terminal() {
        let line = |at: &str, text: &str| json!({"at": at, "level": "warn", "target": "x", "text": text});
        let lines = [line("2026-11-30T12:00:01Z", "second\u{1b}"), line("2026-11-30T12:00:00Z", "first")];
        let lines = lines.map(|line| serde_json::from_value(line).unwrap());
        let text = text(&lines);
        assert!(text.lines().next().unwrap().ends_with("WARN  first"), "{text}");
        assert!(text.ends_with("second\\x1b"), "{text}");
    }
}
