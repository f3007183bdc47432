//! Writing a round in which every counter moved: one transaction, durable when it is over.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use accounting::snapshot::Snapshot;
use store::{NasId, Store};
use tokio::runtime::Runtime;

use crate::books::{Bare, Books, SqliteBooks};
use crate::bound::ledger_lines::Line;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::accountant::Accountant;
use crate::plant::totals::Kept;
use crate::plant::{database, numbers, rounds};
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{Medians, ROUNDS, alternate, median, timed};

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("commit")?;
    let mut ours = Commits::<SqliteBooks>::begin(&folder, scale.sessions)?;
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

pub(super) fn figure(scale: &Scale, what: &str, medians: Medians, target: Option<Target>) -> Figure {
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
pub(crate) struct Commits<B: Books = SqliteBooks> {
    runtime: Runtime,
    store: Arc<dyn Store>,
    books: B,
    accountant: Accountant,
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

impl<B: Books> Commits<B> {
    /// A database in which all counters are known and their ledger entries open: rounds 0 and 1 are committed.
    pub(crate) fn begin(folder: &Folder, sessions: u32) -> Result<Self> {
        let mut commits = Commits::open(folder, sessions)?;
        commits.enter(&rounds::first(sessions))?;
        commits.round()?;
        Ok(commits)
    }

    /// A database that knows the subscribers and has counted nothing.
    pub(crate) fn open(folder: &Folder, sessions: u32) -> Result<Self> {
        let router = database::router("bench", SocketAddr::from(([127, 0, 0, 1], 8728)));
        let (books, added) = B::make(folder, &format!("ours-{sessions}"), vec![router], sessions)?;
        let nas = *added.first().ok_or("no router was added")?;
        let store = books.open()?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let accountant = runtime.block_on(Accountant::load(&*store, nas))?;
        Ok(Commits { runtime, store, books, accountant, sessions, round: 0 })
    }

    /// Its database.
    pub(crate) fn books(&mut self) -> &mut B {
        &mut self.books
    }

    /// Lets work be done on its store.
    pub(crate) fn with_store<T>(&self, work: impl AsyncFnOnce(&dyn Store) -> T) -> T {
        self.runtime.block_on(work(&*self.store))
    }

    /// Applies and commits the next round, and checks what the database holds then.
    pub(crate) fn round(&mut self) -> Result<Committed> {
        self.round += 1;
        let committed = self.enter(&rounds::later(rounds::rows(self.sessions, self.round), self.round))?;
        exact("commit, counters moved", committed.moved, self.sessions as usize)?;
        check("commit", self.books.kept()?, self.sessions, self.round)?;
        Ok(committed)
    }

    /// Applies and commits a round.
    pub(crate) fn enter(&mut self, snapshot: &Snapshot) -> Result<Committed> {
        let Commits { runtime, store, accountant, .. } = self;
        let changes = runtime.block_on(accountant.apply(&**store, snapshot))?;
        let moved = changes.grown_entries.len() + changes.new_entries.len();
        let commit = accountant.commit(Arc::clone(store), changes);
        let (result, committed) = timed(|| runtime.block_on(commit));
        result?;
        let (result, settled) = timed(|| runtime.block_on(settle(&**store)));
        result?;
        Ok(Committed { moved, committed, settled })
    }

    /// A copy of the database for the bound, at the same round.
    pub(super) fn twin(&self, folder: &Folder) -> Result<Twin<B::Bare>> {
        let mut writes = self.books.twin(folder)?;
        let lines = writes.lines(self.accountant.nas)?.all().to_vec();
        exact("commit, bound's lines", lines.len(), self.sessions as usize)?;
        Ok(Twin { writes, nas: self.accountant.nas, lines, round: self.round })
    }
}

/// Waits until the writing thread has nothing more to do. It works on after its answer, on the same queue: a pause
/// lets it begin, a question is answered when it is through.
async fn settle(store: &dyn Store) -> Result<()> {
    std::thread::sleep(Duration::from_millis(2));
    store.bindings_version().await?;
    Ok(())
}

fn check(who: &str, kept: Kept, sessions: u32, round: u32) -> Result<()> {
    let gained = numbers::gained(sessions, 0, round);
    kept.check(who, numbers::sums(sessions, round).octets, gained)
}

/// The bound and its database.
pub(super) struct Twin<W> {
    writes: W,
    nas: NasId,
    lines: Vec<Line>,
    round: u32,
}

impl<W: Bare> Twin<W> {
    pub(super) fn round(&mut self) -> Result<Committed> {
        self.round += 1;
        for (i, line) in (0..).zip(&mut self.lines) {
            line.read(numbers::octets(i, self.round)).ok_or("a counter of the plant fell")?;
        }
        let (moved, at) = (self.lines.len(), rounds::times(self.round).at.0);
        let (result, committed) = timed(|| self.writes.commit(at, self.nas, &self.lines));
        result?;
        let (result, settled) = timed(|| self.writes.settle());
        result?;
        check("commit, bound", self.writes.kept()?, u32::try_from(moved)?, self.round)?;
        Ok(Committed { moved, committed, settled })
    }
}
