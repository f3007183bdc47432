//! The whole way of a reading: from the router's socket to the committed transaction.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use accounting::Octets;
use accounting::time::Micros;
use collector::actor::{Actor, ActorDependencies, Inbox, Progress, Turns};
use collector::link::Link;
use collector::round::{Round, Wanted};
use operations::{Clock as _, ManualClock, TalkerBoard};
use routeros_sim::world::Device;
use store::{Lease, NasId};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::books::{Bare, Books, SqliteBooks};
use crate::bound::hand_client::{HandClient, PRINT, sentence};
use crate::bound::ledger_lines::Lines;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::database;
use crate::plant::routers::Routers;
use crate::plant::totals::Kept;
use crate::scale::Scale;
use crate::sums::{Sums, exact};
use crate::timing::{Medians, alternate, median, timed};

/// Between two rounds: short, so that all of them extend one ledger entry per counter.
const APART: Duration = Duration::from_secs(5);

/// Our clock at the beginning: the begin of a bucket.
const BEGIN: Micros = Micros(1_800_000_000_000_000);

/// An actor that has not committed by then never will.
const PATIENCE: Duration = Duration::from_secs(120);

/// Memory for waiting snapshots.
const WAITING: usize = 256 << 20;

/// Measures it on one router with all sessions.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    measure::<SqliteBooks>(scale, 2.0)
}

/// Measures it on a kind of database, which may take so many times as long as the bound.
pub(super) fn measure<B: Books>(scale: &Scale, most: f64) -> Result<Section> {
    let folder = Folder::new("socket")?;
    let plant = Plant::start(scale.sessions)?;
    let mut ours = Ours::<B>::begin(&plant, &folder, scale.sessions)?;
    let mut bound = ours.twin(&plant, &folder)?;
    let mut received = Vec::new();
    let medians = alternate(
        || ours.round(&plant),
        || {
            received.push(bound.receive()?);
            bound.round(&plant)
        },
    )?;
    let durable =
        if B::DATABASE == SqliteBooks::DATABASE { folder.file_system() } else { "that server".to_owned() };
    Ok(section(scale, medians, median(received), most, &durable))
}

fn section(scale: &Scale, medians: Medians, received: Duration, most: f64, file_system: &str) -> Section {
    let millis = |took: Duration| format!("{:.0} ms", took.as_secs_f64() * 1e3);
    let figure = Figure {
        what: "socket to commit".to_owned(),
        ours: millis(medians.ours),
        bound: millis(medians.bound),
        value: medians.slowness(),
        unit: "x",
        target: Some(Target::AtMost(most)),
    };
    let note = format!(
        "socket to commit: one router with {} sessions over TCP, the collector's round (both uptimes included), its \
         actor and the store, until the transaction is durable on {file_system}; the bound reads the same print from \
         the same router by hand, finds each name in a std `HashMap` and commits the same rows by a bare loop. \
         Receiving and parsing by hand alone: {} (the simulated router sends from this process, on a thread of its \
         own).",
        scale.sessions,
        millis(received)
    );
    Section { figures: vec![figure], notes: vec![note] }
}

/// The router and the time both sides live in.
pub(super) struct Plant {
    routers: Routers,
    clock: ManualClock,
}

impl Plant {
    pub(super) fn start(sessions: u32) -> Result<Plant> {
        Ok(Plant { routers: Routers::start(1, sessions)?, clock: ManualClock::new(BEGIN) })
    }

    /// Where the router listens.
    pub(super) fn addr(&self) -> Result<SocketAddr> {
        self.routers.addr(0)
    }

    /// What its counters show now.
    pub(super) fn shown(&self) -> Sums {
        self.routers.sums()
    }

    /// Time passes and every counter moves.
    pub(super) fn pass(&self) -> Result<()> {
        self.pass_for(APART)
    }

    fn pass_for(&self, time: Duration) -> Result<()> {
        self.routers.pass(time);
        self.clock.advance(time.as_micros().try_into()?);
        Ok(())
    }
}

/// What a database must hold.
#[derive(Clone, Copy)]
struct Expected {
    who: &'static str,
    /// The counters at first sight: what they showed then is not counted.
    first: Octets,
}

impl Expected {
    fn check(&self, plant: &Plant, kept: Kept) -> Result<()> {
        let shown = plant.routers.sums().octets;
        kept.check(self.who, shown, shown.saturating_sub(self.first))
    }
}

/// The collector's parts as the supervisor puts them together.
pub(super) struct Ours<B: Books = SqliteBooks> {
    books: B,
    link: Link,
    round: Round,
    inbox: Arc<Inbox>,
    progress: watch::Receiver<Progress>,
    stop: CancellationToken,
    nas: NasId,
    expected: Expected,
    // Dropped last: the actor runs on it.
    runtime: Runtime,
}

impl<B: Books> Drop for Ours<B> {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl<B: Books> Ours<B> {
    /// A router whose counters are known and whose ledger entries are open: two rounds are committed.
    pub(super) fn begin(plant: &Plant, folder: &Folder, sessions: u32) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let router = database::router("bench", plant.routers.addr(0)?);
        let (books, added) = B::make(folder, "ours", vec![router], sessions)?;
        let nas = *added.first().ok_or("no router was added")?;
        let inbox = Arc::new(Inbox::new(WAITING));
        let stop = CancellationToken::new();
        let dependencies = ActorDependencies {
            repository: books.open()?,
            turns: Turns::new(1),
            talkers: TalkerBoard::default(),
            interval: Duration::from_secs(1),
        };
        runtime.spawn(
            Actor::new(Lease { nas, epoch: 1 }, inbox.clone(), Arc::default(), dependencies)
                .run(stop.clone()),
        );
        let link = runtime.block_on(Link::open(&plant.routers.target(0)?))?;
        let progress = inbox.progress();
        let expected = Expected { who: "socket to commit", first: plant.routers.sums().octets };
        let mut ours =
            Ours { books, link, round: Round::new(), inbox, progress, stop, nas, expected, runtime };
        ours.round_now(plant)?;
        ours.round(plant)?;
        Ok(ours)
    }

    /// Reads and commits a round after time has passed.
    pub(super) fn round(&mut self, plant: &Plant) -> Result<Duration> {
        self.round_after(plant, APART)
    }

    /// The same in another quarter of an hour: every counter's entry is a new one.
    pub(super) fn round_of_new_entries(&mut self, plant: &Plant) -> Result<Duration> {
        self.round_after(plant, Duration::from_micros(Micros::BUCKET.unsigned_abs()))
    }

    fn round_after(&mut self, plant: &Plant, time: Duration) -> Result<Duration> {
        plant.pass_for(time)?;
        let took = self.round_now(plant)?;
        self.expected.check(plant, self.books.kept()?)?;
        Ok(took)
    }

    /// Only reads one: to the snapshot.
    pub(super) fn read(&mut self, plant: &Plant) -> Result<Duration> {
        plant.pass()?;
        let Ours { link, round, runtime, .. } = self;
        let (clean, took) =
            timed(|| runtime.block_on(round.run(link, &plant.clock, &Wanted::default(), &[])));
        exact("socket to snapshot", clean?.snapshot.counters.sum(), plant.shown().octets)?;
        Ok(took)
    }

    fn round_now(&mut self, plant: &Plant) -> Result<Duration> {
        let Ours { link, round, inbox, progress, runtime, .. } = self;
        let committed = progress.borrow().poll_seq + 1;
        let whole_way = async {
            let clean = round.run(link, &plant.clock, &Wanted::default(), &[]).await?;
            inbox.push(clean.snapshot);
            let reached = progress.wait_for(|progress| progress.poll_seq == committed);
            tokio::time::timeout(PATIENCE, reached).await??;
            Ok(())
        };
        let (result, took): (Result<()>, Duration) = timed(|| runtime.block_on(whole_way));
        result.map_err(|error| format!("{error}; {:?}", self.inbox.trouble()))?;
        Ok(took)
    }

    fn twin(&self, plant: &Plant, folder: &Folder) -> Result<Twin<B::Bare>> {
        let mut writes = self.books.twin(folder)?;
        let lines = writes.lines(self.nas)?;
        let expected = Expected { who: "socket to commit, bound", ..self.expected };
        let client =
            HandClient::open(plant.routers.addr(0)?, Device::DEFAULT_USER, Device::DEFAULT_PASSWORD)?;
        Ok(Twin { client, command: sentence(&PRINT), nas: self.nas, lines, writes, expected })
    }
}

/// The bound.
struct Twin<W> {
    client: HandClient,
    command: Vec<u8>,
    nas: NasId,
    lines: Lines,
    writes: W,
    expected: Expected,
}

impl<W: Bare> Twin<W> {
    /// Only receives and parses.
    fn receive(&mut self) -> Result<Duration> {
        let (result, took) = timed(|| {
            self.client.send(&self.command)?;
            self.client.rows(|_| Some(()))
        });
        result.map(|()| took)
    }

    fn round(&mut self, plant: &Plant) -> Result<Duration> {
        plant.pass()?;
        let Twin { client, command, nas, lines, writes, .. } = self;
        let mut rows = 0;
        let (result, took): (Result<()>, Duration) = timed(|| {
            client.send(command)?;
            client.rows(|row| {
                rows += 1;
                lines.read(row.name, row.octets)
            })?;
            writes.commit(plant.clock.now().0, *nas, lines.all())
        });
        result?;
        exact("socket to commit, bound's rows", rows, lines.all().len())?;
        writes.settle()?;
        self.expected.check(plant, self.writes.kept()?)?;
        Ok(took)
    }
}
