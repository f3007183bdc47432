//! What a row costs in a big installation, against a small one: nothing may grow faster than the rows.

use std::time::Duration;

use super::commit::Commits;
use super::poll_path::PollPath;
use crate::books::SqliteBooks;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::scale::Scale;
use crate::timing::{Medians, alternate};

/// Measures poll path and commit at both sizes.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let figures =
        vec![figure(scale, "poll path", poll_path(scale)?), figure(scale, "SQLite commit", commit(scale)?)];
    let note = format!(
        "growth: our own cost of {} sessions in one router, against {} rounds of {} sessions: as many rows.",
        scale.sessions,
        scale.fewer,
        scale.few_sessions()
    );
    Ok(Section { figures, notes: vec![note] })
}

fn poll_path(scale: &Scale) -> Result<Medians> {
    let mut many = PollPath::begin(scale.sessions)?;
    let mut few = PollPath::begin(scale.few_sessions())?;
    alternate(|| many.round(), || repeat(scale.fewer, || few.round()))
}

fn commit(scale: &Scale) -> Result<Medians> {
    let folder = Folder::new("growth")?;
    let mut many = Commits::<SqliteBooks>::begin(&folder, scale.sessions)?;
    let mut few = Commits::<SqliteBooks>::begin(&folder, scale.few_sessions())?;
    alternate(|| Ok(many.round()?.committed), || repeat(scale.fewer, || Ok(few.round()?.committed)))
}

fn repeat(times: u32, mut round: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    (0..times).map(|_| round()).sum()
}

fn figure(scale: &Scale, what: &str, medians: Medians) -> Figure {
    let per_row =
        |took: Duration| format!("{:.3} us a row", took.as_secs_f64() * 1e6 / f64::from(scale.sessions));
    Figure {
        what: format!("{what}: a row at {} against {}", scale.sessions, scale.few_sessions()),
        ours: per_row(medians.ours),
        bound: per_row(medians.bound),
        value: medians.slowness(),
        unit: "x",
        target: Some(Target::AtMost(1.8)),
    }
}
