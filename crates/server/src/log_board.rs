//! The log of the last day of this process, for whoever has no hand on its standard error.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use accounting::time::Micros;

/// How long a line is kept, microseconds by its own clock.
pub const LOG_KEPT_US: i64 = 86_400_000_000;
/// Bytes of lines that are kept at most. Overflow rule: the oldest go, and are counted.
pub const MOST_LOG_BYTES: usize = 8 << 20;
/// What a line takes beside its texts.
const EACH: usize = size_of::<(u64, LogLine)>();

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
    lines: Arc<Mutex<Lines>>,
}

#[derive(Debug, Default)]
struct Lines {
    /// Each with its number, the oldest first.
    kept: VecDeque<(u64, LogLine)>,
    bytes: usize,
    /// The number of the next one.
    next: u64,
    dropped: u64,
}

impl LogBoard {
    /// One more.
    pub fn push(&self, line: LogLine) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.forget_before(Micros(line.at.0.saturating_sub(LOG_KEPT_US)));
        let number = lines.next;
        lines.next += 1;
        lines.bytes += size(&line);
        lines.kept.push_back((number, line));
        lines.make_room();
    }

    /// Those that matter at least so much, the newest first, each with its number: below `below`, and written before `until`.
    pub fn before(
        &self,
        at_least: LogLevel,
        below: Option<u64>,
        until: Micros,
        limit: usize,
    ) -> Vec<(u64, LogLine)> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = |number: u64| below.is_none_or(|below| number < below);
        let fits =
            |(number, line): &&(u64, LogLine)| line.level >= at_least && line.at < until && behind(*number);
        lines.kept.iter().rev().filter(fits).take(limit).cloned().collect()
    }

    /// Lines that went before they were a day old, since the process began.
    pub fn dropped(&self) -> u64 {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).dropped
    }
}

impl Lines {
    fn forget_before(&mut self, edge: Micros) {
        while self.kept.front().is_some_and(|(_, line)| line.at < edge) {
            self.pop();
        }
    }

    fn make_room(&mut self) {
        while self.bytes > MOST_LOG_BYTES && !self.kept.is_empty() {
            self.pop();
            self.dropped += 1;
        }
    }

    fn pop(&mut self) {
        if let Some((_, line)) = self.kept.pop_front() {
            self.bytes -= size(&line);
        }
    }
}

fn size(line: &LogLine) -> usize {
    EACH + line.target.len() + line.text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: i64, level: LogLevel, text: &str) -> LogLine {
        LogLine { at: Micros(at), level, target: String::new(), text: text.to_owned() }
    }

    fn at(board: &LogBoard, at_least: LogLevel, below: Option<u64>, limit: usize) -> Vec<i64> {
        board.before(at_least, below, Micros(i64::MAX), limit).iter().map(|(_, line)| line.at.0).collect()
    }

    #[test]
    fn those_that_matter_are_found_page_by_page() {
        let board = LogBoard::default();
        for no in 0..6 {
            board.push(line(no, if no % 2 == 0 { LogLevel::Info } else { LogLevel::Warn }, ""));
        }
        assert_eq!(at(&board, LogLevel::Debug, None, 9), [5, 4, 3, 2, 1, 0]);
        assert_eq!(at(&board, LogLevel::Warn, None, 2), [5, 3]);
        assert_eq!(at(&board, LogLevel::Warn, Some(3), 2), [1]);
        assert_eq!(board.before(LogLevel::Debug, None, Micros(2), 9).len(), 2);
    }

    #[test]
    fn a_day_is_kept() {
        let board = LogBoard::default();
        for hour in 0..40 {
            board.push(line(hour * 3_600_000_000, LogLevel::Info, ""));
        }
        assert_eq!(at(&board, LogLevel::Debug, None, 99).len(), 25);
        assert_eq!(board.dropped(), 0, "those were old enough");
    }

    #[test]
    fn no_more_bytes_are_kept_than_were_planned_and_what_goes_is_counted() {
        let board = LogBoard::default();
        let long = "x".repeat(1 << 20);
        for no in 0..10 {
            board.push(line(no, LogLevel::Info, &long));
        }
        let kept = at(&board, LogLevel::Debug, None, 99);
        assert_eq!((kept.len(), kept[0]), (7, 9), "the newest stay");
        assert_eq!(board.dropped(), 3);
        board.push(line(10, LogLevel::Info, &"x".repeat(MOST_LOG_BYTES)));
        assert_eq!((at(&board, LogLevel::Debug, None, 99).len(), board.dropped()), (0, 11));
    }
}
