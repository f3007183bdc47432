//! Writing a round in which every counter moved: one transaction, durable when it is over.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use accounting::NasState;
use accounting::bound::LinkSpeed;
use accounting::snapshot::Snapshot;
use store::{AccountingRepository as _, NasId, Sqlite};
use tokio::runtime::Runtime;

use crate::bound::ledger_lines::Line;
use crate::bound::sqlite_loop::SqliteLoop;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::totals::Totals;
use crate::plant::{database, numbers, rounds};
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{Medians, ROUNDS, alternate, median, timed};

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("commit")?;
    let mut ours = Commits::begin(&folder, scale.sessions)?;
    let mut bound = ours.twin(&folder)?;
    let (mut ours_settled, mut bound_settled) = (Vec::new(), Vec::new());
    let medians = alternate(
        || {
            let round = ours.round()?;
            ours_settled.push(round.settled);
            Ok(round.committed)
        },
        || {
            let round = bound.round()?;
            bound_settled.push(round.settled);
            Ok(round.committed)
        },
    )?;
    let settled = Medians {
        ours: medians.ours + median(ours_settled.split_off(1)),
        bound: medians.bound + median(bound_settled.split_off(1)),
    };
    Ok(section(scale, medians, settled, &folder.file_system()))
}

fn section(scale: &Scale, committed: Medians, settled: Medians, file_system: &str) -> Section {
    let figures = vec![
        figure(scale, "SQLite: commit a round", committed, Some(Target::AtLeast(0.5))),
        figure(scale, "SQLite: the same and the log copied back", settled, None),
    ];
    let note = format!(
        "SQLite: {} open ledger entries and cycle totals, the router and its coverage in one transaction (WAL, synchronous FULL) on {file_system}; the bound writes the same rows into a copy of the \
         database with the same pragmas, each statement prepared once, table by table. {ROUNDS} rounds; the sums of \
         both databases are read back after each.",
        scale.sessions
    );
    Section { figures, notes: vec![note] }
}

fn figure(scale: &Scale, what: &str, medians: Medians, target: Option<Target>) -> Figure {
    let per_row = |took: Duration| {
        let micros = took.as_secs_f64() * 1e6 / f64::from(scale.sessions);
        format!("{:.0} ms, {micros:.2} us a session", took.as_secs_f64() * 1e3)
    };
    Figure {
        what: what.to_owned(),
        ours: per_row(medians.ours),
        bound: per_row(medians.bound),
        value: medians.speed(),
        unit: "x",
        target,
    }
}

/// A router's books in a database of their own.
pub(crate) struct Commits {
    runtime: Runtime,
    store: Sqlite,
    path: PathBuf,
    nas: NasId,
    lease_epoch: u64,
    bindings_version: u64,
    state: NasState,
    sessions: u32,
    round: u32,
}

/// One committed round.
pub(crate) struct Committed {
    moved: usize,
    /// From the changes to the answer that they are durable.
    pub(crate) committed: Duration,
    /// From there until the log is copied into the database.
    settled: Duration,
}

impl Commits {
    /// A database in which all counters are known and their ledger entries open: rounds 0 and 1 are committed.
    pub(crate) fn begin(folder: &Folder, sessions: u32) -> Result<Self> {
        let mut commits = Commits::open(folder, sessions)?;
        commits.enter(&rounds::first(sessions))?;
        commits.round()?;
        Ok(commits)
    }

    /// A database that knows the subscribers and has counted nothing.
    pub(crate) fn open(folder: &Folder, sessions: u32) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let path = folder.file(&format!("ours-{sessions}.db"));
        let router = database::router("bench", SocketAddr::from(([127, 0, 0, 1], 8728)));
        let nas = runtime.block_on(database::make(&path, vec![router], sessions))?;
        let nas = *nas.first().ok_or("no router was added")?;
        let store = Sqlite::open(&path)?;
        let loaded = runtime.block_on(store.load(nas))?;
        let state = NasState::restore(loaded.record, LinkSpeed(loaded.link_speed_bps), loaded.counters, &[])
            .map_err(|_| "an empty database names a counter")?;
        let lease_epoch = loaded.lease_epoch;
        Ok(Commits { runtime, store, path, nas, lease_epoch, bindings_version: 0, state, sessions, round: 0 })
    }

    /// Its file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Lets work be done on its store.
    pub(crate) fn with_store<T>(&self, work: impl AsyncFnOnce(&Sqlite) -> T) -> T {
        self.runtime.block_on(work(&self.store))
    }

    /// Applies and commits the next round, and checks what the database holds then.
    pub(crate) fn round(&mut self) -> Result<Committed> {
        self.round += 1;
        let committed = self.enter(&rounds::later(rounds::rows(self.sessions, self.round), self.round))?;
        exact("commit, counters moved", committed.moved, self.sessions as usize)?;
        check("commit", &self.path, self.sessions, self.round)?;
        Ok(committed)
    }

    /// Applies and commits a round.
    pub(crate) fn enter(&mut self, snapshot: &Snapshot) -> Result<Committed> {
        let store = &self.store;
        let plan = self.state.plan(snapshot);
        if !plan.unknown_logins.is_empty() {
            let names = plan.unknown_logins.clone();
            let resolved = self.runtime.block_on(store.resolve_logins(self.nas, &names))?;
            self.bindings_version = resolved.version;
            self.state.supply_logins(names.into_iter().zip(resolved.logins));
        }
        let changes = Arc::new(self.state.apply(snapshot, plan));
        let moved = changes.grown_entries.len() + changes.new_entries.len();
        let commit = store.commit(self.nas, self.lease_epoch, self.bindings_version, changes);
        let (result, committed) = timed(|| self.runtime.block_on(commit));
        result?;
        let (result, settled) = timed(|| self.runtime.block_on(settle(store)));
        result?;
        Ok(Committed { moved, committed, settled })
    }

    /// A copy of the database for the bound, at the same round.
    fn twin(&self, folder: &Folder) -> Result<Twin> {
        let path = folder.file("bound.db");
        database::copy(&self.path, &path)?;
        let writes = SqliteLoop::open(&path)?;
        let lines = writes.lines(self.nas)?.all().to_vec();
        exact("commit, bound's lines", lines.len(), self.sessions as usize)?;
        Ok(Twin { writes, nas: self.nas, lines, path, round: self.round })
    }
}

/// Waits until the writing thread has nothing more to do. It works on after its answer, on the same queue: a pause
/// lets it begin, a question is answered when it is through.
async fn settle(store: &Sqlite) -> Result<()> {
    std::thread::sleep(Duration::from_millis(2));
    store.bindings_version().await?;
    Ok(())
}

fn check(who: &str, path: &Path, sessions: u32, round: u32) -> Result<()> {
    let gained = numbers::gained(sessions, 0, round);
    Totals::open(path)?.check(who, numbers::sums(sessions, round).octets, gained)
}

/// The bound and its database.
struct Twin {
    writes: SqliteLoop,
    nas: NasId,
    lines: Vec<Line>,
    path: PathBuf,
    round: u32,
}

impl Twin {
    fn round(&mut self) -> Result<Committed> {
        self.round += 1;
        for (i, line) in (0..).zip(&mut self.lines) {
            line.read(numbers::octets(i, self.round)).ok_or("a counter of the plant fell")?;
        }
        let (moved, at) = (self.lines.len(), rounds::times(self.round).at.0);
        let (result, committed) = timed(|| self.writes.commit(at, [(self.nas, self.lines.as_slice())]));
        result?;
        let (result, settled) = timed(|| self.writes.checkpoint());
        result?;
        check("commit, bound", &self.path, u32::try_from(moved)?, self.round)?;
        Ok(Committed { moved, committed, settled })
    }
}
