//! The latest lines of the process' log, for whoever has no hand on its standard error.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use accounting::time::Micros;

/// Lines that are kept, some 200 bytes each. Overflow rule: the oldest go.
pub const MOST_LINES: usize = 2_000;

/// How much a line matters, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// For whoever looks for a fault.
    Debug,
    /// Good to know.
    Info,
    /// Act soon.
    Warn,
    /// Act now.
    Error,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When.
    pub at: Micros,
    /// How much it matters.
    pub level: LogLevel,
    /// The part of the program that says it.
    pub target: String,
    /// What it says, with where and its particulars.
    pub text: String,
}

/// Where they are kept; clones show the same.
#[derive(Clone, Debug, Default)]
pub struct LogBoard {
    lines: Arc<Mutex<VecDeque<LogLine>>>,
}

impl LogBoard {
    /// One more.
    pub fn push(&self, line: LogLine) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == MOST_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// Those that matter at least so much, the newest first.
    pub fn latest(&self, at_least: LogLevel, limit: usize) -> Vec<LogLine> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().rev().filter(|line| line.level >= at_least).take(limit).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: i64, level: LogLevel) -> LogLine {
        LogLine { at: Micros(at), level, target: String::new(), text: String::new() }
    }

    #[test]
    fn the_newest_are_kept_and_those_that_matter_found() {
        let board = LogBoard::default();
        let most = i64::try_from(MOST_LINES).unwrap();
        for at in 0..=most {
            board.push(line(at, if at % 2 == 0 { LogLevel::Info } else { LogLevel::Warn }));
        }
        let all = board.latest(LogLevel::Debug, usize::MAX);
        assert_eq!((all.len(), all[0].at.0, all[MOST_LINES - 1].at.0), (MOST_LINES, most, 1));
        let warnings: Vec<i64> = board.latest(LogLevel::Warn, 2).iter().map(|line| line.at.0).collect();
        assert_eq!(warnings, [most - 1, most - 3]);
    }
}
