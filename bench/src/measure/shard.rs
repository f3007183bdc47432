//! What one server takes of an installation of ten million: many routers' rounds at the usual interval, as fast as it goes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use accounting::snapshot::Snapshot;
use store::Store;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::books::{Books as _, PostgresBooks, Server};
use crate::figure::{Figure, Result, Section};
use crate::place::Folder;
use crate::plant::accountant::Accountant;
use crate::plant::{database, numbers, rounds, telling};
use crate::scale::Scale;
use crate::timing::timed;

/// Sessions of a router.
const EACH: u32 = 1_000;
/// Two quarters of an hour: each third round opens new ledger entries.
const ROUNDS: u32 = 6;
/// The usual interval.
const SECONDS_APART: u64 = 300;
/// Of the time between two rounds no more than this is to be spent on writing them: a day has its busy hours, a server its
/// checkpoints and its backup, and what waited while it was away must be caught up with.
const BUSY: f64 = 0.4;
const SUBSCRIBERS: f64 = 10e6;

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("shard")?;
    let each = EACH.min(scale.sessions / 4);
    let mut shard = Shard::open(&folder, scale.sessions / each, each)?;
    shard.round(0)?;
    let (mut took, before) = (Duration::ZERO, Server::log_written()?);
    for round in 1..=ROUNDS {
        took += shard.round(round)?;
    }
    let logged = Server::log_written()? - before;
    shard.check(ROUNDS)?;
    Ok(section(scale.sessions / each, each, took, logged))
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn section(routers: u32, each: u32, took: Duration, logged: i64) -> Section {
    let written = f64::from(routers * each * ROUNDS);
    let a_second = written / took.as_secs_f64();
    let carries = a_second * SECONDS_APART as f64 * BUSY;
    let per_row = logged as f64 / written;
    let figure = |what: &str, ours: String, value: f64, unit| Figure {
        what: format!("shard: {what}"),
        ours,
        bound: String::new(),
        value,
        unit,
        target: None,
    };
    let figures = vec![
        figure(
            "sessions written by one server",
            format!("{:.2} s for {written:.0}", took.as_secs_f64()),
            a_second,
            " a second",
        ),
        figure("its log", format!("{} MiB", logged >> 20), per_row, " bytes a session"),
        figure("sessions it carries at an interval of 5 minutes", String::new(), carries, ""),
        figure(
            "servers for 10 million sessions that all move",
            String::new(),
            (SUBSCRIBERS / carries).ceil(),
            "",
        ),
    ];
    let note = format!(
        "shard: {routers} routers of {each} sessions, {ROUNDS} rounds {SECONDS_APART} s apart on a clock set by hand, all counters moved, \
         every third round opens new ledger entries; all routers' snapshots are given to the store at once and as fast as it \
         takes them, so those that wait share a transaction. What it carries is what it wrote in {SECONDS_APART} s, times {BUSY}: the \
         rest is left for busy hours, checkpoints, backups and for catching up."
    );
    Section { figures, notes: vec![note] }
}

/// A database with many routers.
pub(super) struct Shard {
    runtime: Runtime,
    pub(super) store: Arc<dyn Store>,
    books: PostgresBooks,
    routers: Vec<Accountant>,
    each: u32,
}

impl Shard {
    /// One that has counted nothing.
    pub(super) fn open(folder: &Folder, routers: u32, each: u32) -> Result<Shard> {
        let address = SocketAddr::from(([127, 0, 0, 1], 8728));
        let named = (0..routers).map(|number| database::router(&format!("bench-{number}"), address));
        let (books, added) = PostgresBooks::make(folder, "shard", named.collect(), each)?;
        let store = books.open()?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let load = |nas| runtime.block_on(Accountant::load(&*store, nas));
        let routers = added.into_iter().map(load).collect::<Result<_>>()?;
        Ok(Shard { runtime, store, books, routers, each })
    }

    /// Commits a round of all routers; how long the store took for it.
    pub(super) fn round(&mut self, round: u32) -> Result<Duration> {
        let Shard { runtime, store, routers, each, .. } = self;
        let mut commits = Vec::new();
        for (number, router) in (0..).zip(routers) {
            let snapshot = rounds::of_router(number, *each, round);
            let times = rounds::times_apart(round, SECONDS_APART);
            let changes = runtime.block_on(router.apply(&**store, &Snapshot { times, ..snapshot }))?;
            commits.push(router.commit(Arc::clone(store), changes));
        }
        let together = async {
            let mut waiting: JoinSet<_> = commits.into_iter().collect();
            while let Some(committed) = waiting.join_next().await {
                committed??;
            }
            Ok(())
        };
        let (committed, took): (Result<()>, Duration) = timed(|| runtime.block_on(together));
        committed?;
        Ok(took)
    }

    /// How many events wait to be told.
    pub(super) fn waiting(&self) -> Result<u64> {
        self.runtime.block_on(telling::waiting(&*self.store))
    }

    /// What it holds after that round is what moved.
    pub(super) fn check(&mut self, round: u32) -> Result<()> {
        let sessions = u32::try_from(self.routers.len())? * self.each;
        let gained = numbers::gained(sessions, 0, round);
        self.books.kept()?.check("many routers' books", numbers::sums(sessions, round).octets, gained)
    }
}
