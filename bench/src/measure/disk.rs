//! What the ledger takes on disk: a subscriber who is always in use, one who is only connected, and both after
//! retention.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use accounting::Octets;
use accounting::snapshot::Snapshot;
use accounting::time::{HostInstant, Micros, RoundTimes, UptimeSpan};
use rusqlite::{Connection, OpenFlags};
use store::DayOf;

use super::commit::Commits;
use crate::books::Books as _;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::{numbers, rounds};
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::timed;

/// Days of each kind.
const DAYS: u32 = 2;
/// Rounds of a day: one in every 15-minute bucket.
const A_DAY: u32 = 96;
/// Our clock at round 0: the begin of a UTC day.
const BEGIN: Micros = Micros(1_800_057_600_000_000);

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("disk")?;
    let sessions = scale.sessions / 20;
    let mut books = Books { commits: Commits::open(&folder, sessions)?, sessions, clock: 0, moved: 0 };
    books.enter(true)?;
    let empty = books.octets()?;
    (0..DAYS * A_DAY - 1).try_for_each(|_| books.enter(false))?;
    let active = books.octets()?;
    let still = books.moved;
    for _ in 0..DAYS * A_DAY {
        books.clock += 1;
        books.enter_still(still)?;
    }
    let idle = books.octets()?;
    let longest = books.fold()?;
    let folded = books.octets()?;
    let days = f64::from(sessions * DAYS);
    let per_day = |octets: i64| octets as f64 / days;
    let figures = vec![
        figure("a subscriber-day with an entry every 15 minutes", per_day(active - empty), None),
        figure(
            "a subscriber-day of being connected and idle",
            per_day(idle - active),
            Some(Target::AtMost(1.0)),
        ),
        figure("a subscriber-day in use after retention", per_day(folded - empty), None),
        Figure {
            what: "retention: the longest of its transactions".to_owned(),
            ours: format!("{:.1} ms", longest.as_secs_f64() * 1e3),
            bound: String::new(),
            value: longest.as_secs_f64() * 1e3,
            unit: " ms",
            target: None,
        },
    ];
    let note = format!(
        "on disk: pages in use (freed ones are used again) of the whole database with its indexes, {sessions} subscribers with \
         one session each, {DAYS} days with a round in every 15 minutes in which all counters moved, then {DAYS} days in which \
         none did; what a new session adds (its row and its counter's) is not in it. After retention: the same days, folded; \
         all sums are checked before and after."
    );
    Ok(Section { figures, notes: vec![note] })
}

fn figure(what: &str, octets: f64, target: Option<Target>) -> Figure {
    Figure {
        what: format!("on disk: {what}"),
        ours: format!("{octets:.0} bytes"),
        bound: String::new(),
        value: octets,
        unit: " bytes",
        target,
    }
}

/// The books, and the rounds so far.
struct Books {
    commits: Commits,
    sessions: u32,
    clock: u32,
    moved: u32,
}

impl Books {
    /// A round in which every counter moved.
    fn enter(&mut self, first: bool) -> Result<()> {
        if first {
            let snapshot = rounds::first(self.sessions);
            self.commits.enter(&Snapshot { times: times(0), ..snapshot })?;
            return Ok(());
        }
        (self.clock, self.moved) = (self.clock + 1, self.moved + 1);
        self.enter_still(self.moved)
    }

    /// A round in which the counters stand where they stood in that round.
    fn enter_still(&mut self, moved: u32) -> Result<()> {
        let snapshot = rounds::later(rounds::rows(self.sessions, moved), moved);
        self.commits.enter(&Snapshot { times: times(self.clock), ..snapshot })?;
        Ok(())
    }

    /// Folds all there is; the longest step.
    fn fold(&mut self) -> Result<Duration> {
        self.check()?;
        let before = BEGIN.bucket() + i64::from(2 * DAYS * A_DAY);
        let utc: DayOf = Arc::new(|bucket| {
            let begin = bucket.div_euclid(i64::from(A_DAY)) * i64::from(A_DAY);
            begin..begin + i64::from(A_DAY)
        });
        let mut longest = Duration::ZERO;
        loop {
            let (step, took) =
                timed(|| self.commits.with_store(async |store| store.fold_some(before, utc.clone()).await));
            if step?.is_none() {
                break;
            }
            longest = longest.max(took);
        }
        self.check()?;
        let mismatches = self.commits.with_store(async |store| store.verify().await)?.mismatches;
        exact("disk, mismatches", mismatches, Vec::new())?;
        Ok(longest)
    }

    fn check(&mut self) -> Result<()> {
        let gained: Octets = numbers::gained(self.sessions, 0, self.moved);
        self.commits.books().kept()?.check("disk", numbers::sums(self.sessions, self.moved).octets, gained)
    }

    /// Octets of the pages in use.
    fn octets(&mut self) -> Result<i64> {
        pages_in_use(self.commits.books().path())
    }
}

fn pages_in_use(path: &Path) -> Result<i64> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok((pragma("page_count")? - pragma("freelist_count")?) * pragma("page_size")?)
}

fn times(round: u32) -> RoundTimes {
    let seconds = u64::from(round) * 900;
    let micros = seconds * 1_000_000;
    RoundTimes {
        uptime: UptimeSpan { before: 1_000_000 + seconds, after: 1_000_001 + seconds },
        host: HostInstant { epoch: 1, micros },
        host_after: HostInstant { epoch: 1, micros: micros + 1_000_000 },
        at: Micros(BEGIN.0.saturating_add_unsigned(micros)),
        bindings: u64::MAX,
    }
}
