//! What is left behind of rows that were written again and again: how much a table grows, and how many new versions stay on
//! their page.

use accounting::snapshot::Snapshot;

use super::commit::Commits;
use crate::books::{Books as _, PostgresBooks};
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::{numbers, rounds};
use crate::scale::Scale;

/// Rounds, at the usual interval; every third one opens new ledger entries, and writes to counters and sessions.
const ROUNDS: u32 = 50;
/// After so many the size is taken that the last one is compared with.
const EARLY: u32 = 5;
const SECONDS_APART: u64 = 300;
/// Tables that rounds write to.
const WRITTEN: &str = "relname IN ('nas', 'counter', 'session', 'cycle_total', 'coverage') OR relname LIKE 'ledger\\_entry\\_%'";

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("postgres-upkeep")?;
    let mut commits = Commits::<PostgresBooks>::open(&folder, scale.sessions)?;
    commits.enter(&at(rounds::first(scale.sessions), 0))?;
    let mut early = 0;
    for round in 1..=ROUNDS {
        commits.enter(&at(rounds::later(rounds::rows(scale.sessions, round), round), round))?;
        if round == EARLY {
            early = counters(commits.books())?;
        }
    }
    let late = counters(commits.books())?;
    let gained = numbers::gained(scale.sessions, 0, ROUNDS);
    commits.books().kept()?.check("upkeep", numbers::sums(scale.sessions, ROUNDS).octets, gained)?;
    let tables = updates(commits.books())?;
    Ok(section(scale, early, late, &tables))
}

/// The snapshot of a round, when it is at the usual interval.
fn at(snapshot: Snapshot, round: u32) -> Snapshot {
    Snapshot { times: rounds::times_apart(round, SECONDS_APART), ..snapshot }
}

/// Octets of the table of counters with its indexes.
fn counters(books: &mut PostgresBooks) -> Result<i64> {
    Ok(books.watcher()?.query_one("SELECT pg_total_relation_size('counter')", &[])?.try_get(0)?)
}

/// A table, new versions of its rows, and how many of them stayed on their page.
type Updates = (String, i64, i64);

fn updates(books: &mut PostgresBooks) -> Result<Vec<Updates>> {
    // What a connection did is known to others when it tells of it, which it does when it goes at the latest.
    books.end_connections()?;
    let sql = format!(
        "SELECT relname::text, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables
         WHERE n_tup_upd > 0 AND ({WRITTEN}) ORDER BY relname"
    );
    let rows = books.watcher()?.query(&sql, &[])?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}

fn section(scale: &Scale, early: i64, late: i64, tables: &[Updates]) -> Section {
    let all: i64 = tables.iter().map(|(_, updates, _)| updates).sum();
    let on_page: i64 = tables.iter().map(|(.., on_page)| on_page).sum();
    let mib = |octets: i64| format!("{:.1} MiB", octets as f64 / f64::from(1 << 20));
    let share = |updates: i64, on_page: i64| 100.0 * on_page as f64 / updates as f64;
    let told: Vec<String> = tables
        .iter()
        .map(|(name, updates, on_page)| format!("{name} {:.1} % of {updates}", share(*updates, *on_page)))
        .collect();
    let figures = vec![
        Figure {
            what: format!("PostgreSQL: counters on disk after {ROUNDS} rounds against after {EARLY}"),
            ours: mib(late),
            bound: mib(early),
            value: late as f64 / early as f64,
            unit: "x",
            target: Some(Target::AtMost(1.3)),
        },
        Figure {
            what: "PostgreSQL: new versions of rows that stay on their page".to_owned(),
            ours: format!("{on_page} of {all}"),
            bound: String::new(),
            value: share(all, on_page),
            unit: " %",
            target: Some(Target::AtLeast(95.0)),
        },
    ];
    let note = format!(
        "upkeep: {ROUNDS} rounds of {} sessions, {SECONDS_APART} s apart on a clock set by hand and as fast as they go, so that the server's own \
         cleaning (autovacuum as it is by default) has less time than it would have. Counters with their indexes. New versions \
         as `pg_stat_user_tables` counts them (HOT): {}.",
        scale.sessions,
        told.join(", ")
    );
    Section { figures, notes: vec![note] }
}
