//! Writing a round in which every counter moved to a server, and what of its log that takes.

use std::time::Duration;

use super::commit::{Commits, figure};
use crate::books::{PostgresBooks, Server};
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::scale::Scale;
use crate::timing::{ROUNDS, alternate, median};

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("postgres-commit")?;
    let mut ours = Commits::<PostgresBooks>::begin(&folder, scale.sessions)?;
    let mut bound = ours.twin(&folder)?;
    let (mut ours_logged, mut bound_logged) = (Vec::new(), Vec::new());
    let medians = alternate(
        || logged(&mut ours_logged, || Ok(ours.round()?.committed)),
        || logged(&mut bound_logged, || Ok(bound.round()?.committed)),
    )?;
    let logs = (median(ours_logged.split_off(1)), median(bound_logged.split_off(1)));
    Ok(Section {
        figures: vec![
            figure(scale, "PostgreSQL: commit a round", medians, Some(Target::AtLeast(0.7))),
            log(scale, logs),
        ],
        notes: vec![format!(
            "PostgreSQL: {} open ledger entries and cycle totals, the router and its coverage in one transaction; the bound copies \
             the same rows (`COPY`, binary) into a temporary table of a copy of the database and brings them into the ledger and \
             the cycles by one `UPDATE ... FROM` each. The log is counted by the server (`pg_current_wal_insert_lsn`). {ROUNDS} \
             rounds; the sums of both databases are read back after each.",
            scale.sessions
        )],
    })
}

/// Notes besides how much of the server's log was written meanwhile.
fn logged(log: &mut Vec<i64>, round: impl FnOnce() -> Result<Duration>) -> Result<Duration> {
    let before = Server::log_written()?;
    let took = round()?;
    log.push(Server::log_written()? - before);
    Ok(took)
}

fn log(scale: &Scale, (ours, bound): (i64, i64)) -> Figure {
    let per_row = |octets: i64| octets as f64 / f64::from(scale.sessions);
    let told = |octets: i64| format!("{:.0} bytes a session", per_row(octets));
    Figure {
        what: "PostgreSQL: what a round writes to the log".to_owned(),
        ours: told(ours),
        bound: told(bound),
        value: per_row(ours) / per_row(bound),
        unit: "x",
        target: Some(Target::AtMost(1.2)),
    }
}
