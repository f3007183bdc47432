//! Writing a round in which every counter moved: one transaction, durable when it is over.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use accounting::NasState;
use accounting::bound::LinkSpeed;
use accounting::changes::Changes;
use accounting::login::LoginKind;
use accounting::snapshot::Snapshot;
use store::{AccountingRepository as _, NasId, Sqlite};
use tokio::runtime::Runtime;

use crate::bound::sqlite_loop::SqliteLoop;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::totals::Totals;
use crate::plant::{database, rounds};
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{Medians, ROUNDS, alternate, median, timed};

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("commit")?;
    let mut ours = Commits::begin(&folder, scale.sessions)?;
    let mut bound = ours.twin(&folder)?;
    let last: RefCell<Option<Arc<Changes>>> = RefCell::new(None);
    let (mut ours_settled, mut bound_settled) = (Vec::new(), Vec::new());
    let medians = alternate(
        || {
            let round = ours.round()?;
            ours_settled.push(round.settled);
            last.replace(Some(round.changes));
            Ok(round.committed)
        },
        || {
            let changes = last.take().ok_or("the bound has no rows to write")?;
            let (committed, settled) = bound.round(&changes)?;
            bound_settled.push(settled);
            Ok(committed)
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
        "SQLite: {} counters, session totals, open ledger entries and cycle totals, the router and its coverage in one \
         transaction (WAL, synchronous FULL) on {file_system}; the bound writes the same rows into a copy of the \
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
    store: Option<Sqlite>,
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
    changes: Arc<Changes>,
    /// From the changes to the answer that they are durable.
    pub(crate) committed: Duration,
    /// From there until the log is copied into the database.
    settled: Duration,
}

impl Commits {
    /// A database in which all counters are known and their ledger entries open: rounds 0 and 1 are committed.
    pub(crate) fn begin(folder: &Folder, sessions: u32) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let path = folder.file(&format!("ours-{sessions}.db"));
        let nas = runtime.block_on(database::make(&path, sessions))?;
        let store = Sqlite::open(&path)?;
        let loaded = runtime.block_on(store.load(nas))?;
        let state = NasState::restore(loaded.record, LinkSpeed(loaded.link_speed_bps), loaded.counters, &[])
            .map_err(|_| "an empty database names a counter")?;
        let lease_epoch = loaded.lease_epoch;
        let store = Some(store);
        let mut commits = Commits {
            runtime,
            store,
            path,
            nas,
            lease_epoch,
            bindings_version: 0,
            state,
            sessions,
            round: 0,
        };
        commits.enter(&rounds::first(sessions))?;
        commits.round()?;
        Ok(commits)
    }

    /// Applies and commits the next round, and checks what the database holds then.
    pub(crate) fn round(&mut self) -> Result<Committed> {
        self.round += 1;
        let committed = self.enter(&rounds::later(rounds::rows(self.sessions, self.round), self.round))?;
        exact("commit, counters moved", committed.changes.counter_octets.len(), self.sessions as usize)?;
        Totals::open(&self.path)?.check("commit", self.sessions, self.round)?;
        Ok(committed)
    }

    fn enter(&mut self, snapshot: &Snapshot) -> Result<Committed> {
        let store = self.store.as_ref().ok_or("the database is closed")?;
        let plan = self.state.plan(snapshot);
        if !plan.unknown_logins.is_empty() {
            let names = plan.unknown_logins.clone();
            let resolved = self.runtime.block_on(store.resolve_logins(self.nas, LoginKind::Ppp, &names))?;
            self.bindings_version = resolved.version;
            self.state.supply_logins(names.into_iter().zip(resolved.logins));
        }
        let changes = Arc::new(self.state.apply(snapshot, plan));
        let commit = store.commit(self.nas, self.lease_epoch, self.bindings_version, Arc::clone(&changes));
        let (result, committed) = timed(|| self.runtime.block_on(commit));
        result?;
        let (result, settled) = timed(|| self.runtime.block_on(settle(store)));
        result?;
        Ok(Committed { changes, committed, settled })
    }

    /// A copy of the database for the bound, at the same round.
    fn twin(&mut self, folder: &Folder) -> Result<Twin> {
        self.store = None;
        let path = folder.file("bound.db");
        std::fs::copy(&self.path, &path)?;
        self.store = Some(Sqlite::open(&self.path)?);
        let (sessions, round) = (self.sessions, self.round);
        Ok(Twin { writes: SqliteLoop::open(&path, self.nas)?, path, sessions, round })
    }
}

/// Waits until the writing thread has nothing more to do: it answers the second question only after what it does in
/// quiet moments, wherever the first one caught it.
async fn settle(store: &Sqlite) -> Result<()> {
    store.bindings_version().await?;
    store.bindings_version().await?;
    Ok(())
}

/// The bound and its database.
struct Twin {
    writes: SqliteLoop,
    path: PathBuf,
    sessions: u32,
    round: u32,
}

impl Twin {
    fn round(&mut self, changes: &Changes) -> Result<(Duration, Duration)> {
        self.round += 1;
        let (result, committed) = timed(|| self.writes.commit(changes));
        result?;
        let (result, settled) = timed(|| self.writes.checkpoint());
        result?;
        Totals::open(&self.path)?.check("commit, bound", self.sessions, self.round)?;
        Ok((committed, settled))
    }
}
