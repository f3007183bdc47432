//! How far a move is: a bar on a terminal, lines anywhere else.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use store::{Doing, MoveStep};

use crate::output::{Terminal, grouped, octets};

/// Rows after which another line is due within one table.
const ROWS_A_LINE: u64 = 1_000_000;
/// How often the clock of a waiting person moves.
const TICK: Duration = Duration::from_millis(120);

/// What was shown so far.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    /// What the last line was about, and how many rows it told.
    told: (String, u64),
}

impl Progress {
    /// `on_terminal`: standard error is one.
    pub(super) fn new(on_terminal: bool) -> Progress {
        let bar =
            on_terminal.then(|| ProgressBar::new(0).with_style(style("{msg} {bar:30} {pos} of {len} rows")));
        Progress { bar, told: (String::new(), 0) }
    }

    /// Shows a step.
    pub(super) fn show(&mut self, step: &MoveStep) {
        match &self.bar {
            Some(bar) => draw(bar, step),
            None => {
                if let Some(line) = self.line(step) {
                    Terminal::new(false).remark(&line);
                }
            }
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// A line where a table ends, and some in between where it is long.
    fn line(&mut self, step: &MoveStep) -> Option<String> {
        let what = what(step);
        let before = if self.told.0 == what { self.told.1 } else { 0 };
        let is_due = step.rows == step.of_rows || step.rows >= before + ROWS_A_LINE;
        if !is_due || (step.rows == 0 && step.doing != Doing::Verifying) {
            return None;
        }
        self.told = (what.clone(), step.rows);
        if step.doing == Doing::Verifying {
            return Some(what);
        }
        let (rows, of_rows, size) = (grouped(step.rows), grouped(step.of_rows), octets(step.octets));
        Some(format!("{what}: {rows} of {of_rows} rows, {size}"))
    }
}

fn draw(bar: &ProgressBar, step: &MoveStep) {
    bar.set_message(what(step));
    if step.doing == Doing::Verifying {
        bar.set_style(style("{spinner} {msg}: {elapsed_precise}"));
        bar.reset_elapsed();
        bar.enable_steady_tick(TICK);
        return;
    }
    bar.set_length(step.of_rows);
    bar.set_position(step.rows);
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn what(step: &MoveStep) -> String {
    let table = &step.table;
    match step.doing {
        Doing::Rereading => format!("looking at what is there of {table}"),
        Doing::Copying => format!("copying {table}"),
        Doing::Comparing => format!("comparing {table}"),
        Doing::Verifying => "recomputing all totals from their entries".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(doing: Doing, rows: u64, of_rows: u64) -> MoveStep {
        MoveStep { doing, table: "session".to_owned(), rows, of_rows, octets: rows * 100 }
    }

    #[test]
    fn a_table_is_told_when_it_ends_and_a_long_one_in_between() {
        let mut progress = Progress::new(false);
        let mut told = Vec::new();
        for rows in [500_000, 1_000_000, 1_500_000, 2_000_000, 2_100_000] {
            told.extend(progress.line(&step(Doing::Copying, rows, 2_100_000)));
        }
        told.extend(progress.line(&step(Doing::Comparing, 0, 0)));
        told.extend(progress.line(&step(Doing::Verifying, 0, 0)));
        assert_eq!(
            told,
            [
                "copying session: 1,000,000 of 2,100,000 rows, 100.0 MB",
                "copying session: 2,000,000 of 2,100,000 rows, 200.0 MB",
                "copying session: 2,100,000 of 2,100,000 rows, 210.0 MB",
                "recomputing all totals from their entries",
            ]
        );
    }
}
