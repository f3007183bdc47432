//! Many small routers in one process, over TLS, one of them hanging and one dead.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use routeros_sim::world::Mark;
use socket2::{Domain, Socket, Type};
use store::{NasId, NewNas, TlsMode};

use crate::bound::bare_reader::BareReader;
use crate::bound::ledger_lines::Lines;
use crate::bound::sqlite_loop::SqliteLoop;
use crate::child::Daemon;
use crate::daemon::{KEY, SICK, Taken};
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::database;
use crate::plant::routers::Routers;
use crate::plant::totals::Totals;
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{ROUNDS, median, timed};

/// Sessions of one router.
pub(super) const EACH: u32 = 100;

/// Between two rounds, by the routers' clocks and the daemons'.
const INTERVAL: Duration = Duration::from_secs(300);

/// Memory that one router over TLS may cost, and what all else may.
const KIB_PER_ROUTER: u32 = 64;
const KIB_BESIDE: u32 = 100 * 1024;

/// Measures them: a daemon on healthy routers alone, a daemon with two sick ones beside them, bare readers over TLS and
/// in clear, and a bare loop that writes the rows of a round, in turns.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let count = scale.sessions / EACH;
    let folder = Folder::new("many-routers")?;
    let routers = Routers::start(count, EACH)?;
    let sick = Sick::new()?;
    let doors = routers.open_api_ssl()?;
    let (mut plain, mut tls) = (BareReader::plain(&routers.addrs())?, BareReader::over_tls(&doors)?);
    let path = folder.file("well.db");
    let mut well = Polled::start(&path, &routers, &doors, &[])?;
    let mut beside = Polled::start(&folder.file("beside.db"), &routers, &doors, &sick.entries()?)?;
    let mut writes = None;
    let mut took = Took::default();
    for round in 0..=ROUNDS {
        routers.pass(INTERVAL);
        let times = Times {
            plain: read_bare(&mut plain, &routers)?,
            tls: read_bare(&mut tls, &routers)?,
            well: well.round(&routers)?,
            beside: beside.round(&routers)?,
            // Its database is a copy of one in which the first round has opened every ledger entry.
            writes: match &mut writes {
                Some(writes) => Writes::round(writes)?,
                None => writes.insert(Writes::of(&path, &folder.file("writes.db"))?).round()?,
            },
        };
        // The first round is not counted: caches and connections are cold.
        if round > 0 {
            took.0.push(times);
        }
    }
    well.daemon.stop()?;
    beside.daemon.stop()?;
    Ok(section(count, &took, &folder.file_system()))
}

fn read_bare(reader: &mut BareReader, routers: &Routers) -> Result<Duration> {
    let (sums, took) = reader.round()?;
    exact("many routers, read bare", sums, routers.sums())?;
    Ok(took)
}

/// The rows of a round of all routers in which only counters moved, written by a bare loop in one transaction.
struct Writes {
    database: SqliteLoop,
    routers: Vec<(NasId, Lines)>,
    at: i64,
}

impl Writes {
    fn of(daemons: &Path, copy: &Path) -> Result<Self> {
        database::copy(daemons, copy)?;
        let database = SqliteLoop::open(copy)?;
        let routers: Vec<(NasId, Lines)> = database
            .routers()?
            .into_iter()
            .map(|nas| Ok((nas, database.lines(nas)?)))
            .collect::<Result<_>>()?;
        let lines: usize = routers.iter().map(|(_, lines)| lines.all().len()).sum();
        exact("many routers, the bare loop's lines", lines, routers.len() * EACH as usize)?;
        Ok(Writes { database, routers, at: 0 })
    }

    fn round(&mut self) -> Result<Duration> {
        self.at += 1;
        let Writes { database, routers, at } = self;
        let rounds = routers.iter().map(|(nas, lines)| (*nas, lines.all()));
        let (written, took) = timed(|| database.commit(*at, rounds));
        written?;
        database.checkpoint()?;
        Ok(took)
    }
}

/// One hangs: its port takes connections and never says a word. One is dead: nobody listens at its port, which is held
/// so that nobody else begins to.
struct Sick {
    hanging: TcpListener,
    dead: Socket,
}

impl Sick {
    fn new() -> Result<Self> {
        let hanging = TcpListener::bind("127.0.0.1:0")?;
        let dead = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        dead.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        Ok(Sick { hanging, dead })
    }

    fn entries(&self) -> Result<[NewNas; 2]> {
        let hanging = database::router(&format!("{SICK}hanging"), self.hanging.local_addr()?);
        let dead = self.dead.local_addr()?.as_socket().ok_or("a port has no address")?;
        let dead = database::router(&format!("{SICK}dead"), dead);
        Ok([over_tls(hanging), over_tls(dead)])
    }
}

fn over_tls(router: NewNas) -> NewNas {
    database::sealed(NewNas { tls: TlsMode::Pinned, ..router }, KEY)
}

/// A daemon, and what it must have counted.
struct Polled {
    daemon: Daemon,
    totals: Totals,
    marks: Vec<Mark>,
}

impl Polled {
    /// Starts a daemon on the routers behind these doors and the sick ones; the first round is read.
    fn start(path: &Path, routers: &Routers, doors: &[SocketAddr], sick: &[NewNas]) -> Result<Self> {
        let well = (0..)
            .zip(doors)
            .map(|(number, door): (u32, _)| over_tls(database::router(&format!("bench-{number}"), *door)));
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(database::make(path, well.chain(sick.iter().cloned()).collect(), EACH))?;
        let mut daemon = Daemon::start(path)?;
        daemon.round(INTERVAL)?;
        Ok(Polled { daemon, totals: Totals::open(path)?, marks: routers.mark() })
    }

    fn round(&mut self, routers: &Routers) -> Result<Taken> {
        let taken = self.daemon.round(INTERVAL)?;
        self.totals.check("many routers", routers.sums().octets, routers.truth_since(&self.marks))?;
        Ok(taken)
    }
}

/// What the sides of one round took.
#[derive(Clone, Copy, Debug)]
struct Times {
    plain: Duration,
    tls: Duration,
    well: Taken,
    beside: Taken,
    writes: Duration,
}

/// The counted rounds.
#[derive(Debug, Default)]
struct Took(Vec<Times>);

impl Took {
    fn median(&self, of: impl Fn(&Times) -> Duration) -> Duration {
        median(self.0.iter().map(of).collect())
    }
}

fn section(count: u32, took: &Took, file_system: &str) -> Section {
    let read = took.median(|times| times.beside.read);
    let committed = took.median(|times| times.beside.time);
    let (tls, plain) = (took.median(|times| times.tls), took.median(|times| times.plain));
    let writes = took.median(|times| times.writes);
    let figures = vec![
        times(
            "a round with a hanging and a dead router beside them, against without",
            (committed, took.median(|times| times.well.time)),
            Some(1.5),
        ),
        times(
            "until all are read, against a bare reader over TLS with all prints in flight",
            (read, tls),
            Some(4.0),
        ),
        times("until all are read, against a bare reader in clear", (read, plain), Some(4.0)),
        times("until all is committed, against a bare reader over TLS", (committed, tls), None),
        times("until all is committed, against a bare reader in clear", (committed, plain), None),
        times(
            "until all is committed, against a bare reader over TLS and then a bare loop",
            (committed, tls + writes),
            Some(4.0),
        ),
        times(
            "a bare loop that writes the rows of a round, against a bare reader over TLS",
            (writes, tls),
            None,
        ),
        memory(count, took),
    ];
    Section { figures, notes: vec![note(count, file_system)] }
}

fn note(count: u32, file_system: &str) -> String {
    format!(
        "many routers: {count} routers of {EACH} sessions, all read in the same moment, over pinned TLS, by one process as \
         in the memory measurement, one hanging and one dead router beside them. A router is read when its snapshot waits \
         for its actor; a round ends when every healthy router is read and committed, those that wait at the same time in \
         one transaction with synchronous FULL, on {file_system}. The bare readers keep a connection to each router, over \
         TLS or in clear, send one print of the counters each and add them up; a round of ours asks four times, one after \
         the other (uptime, counters, ids of sessions that no counter may have, uptime). The bare loop writes the rows of \
         a round in which only counters moved, of all routers, in one transaction; ours begins new ledger entries in every \
         third round. A round is one pass of the poller over a router, so that reading has its bound in a bare reader, and \
         what is committed too in one that also writes; against one that only reads it is told without a target, for the \
         bare loop's writes alone take several times as long. The simulated routers send from this process on a thread of its own. VmRSS may be {KIB_BESIDE} KiB \
         and {KIB_PER_ROUTER} KiB for each router."
    )
}

fn memory(count: u32, took: &Took) -> Figure {
    let resident = took.0.last().map_or(0, |times| times.beside.memory.resident);
    Figure {
        what: "many routers: VmRSS".to_owned(),
        ours: format!("{resident} KiB"),
        bound: String::new(),
        value: f64::from(resident) / 1024.0,
        unit: " MiB",
        target: Some(Target::AtMost(f64::from(KIB_BESIDE + KIB_PER_ROUTER * count) / 1024.0)),
    }
}

fn times(what: &str, (ours, bound): (Duration, Duration), most: Option<f64>) -> Figure {
    let millis = |took: Duration| format!("{:.0} ms", took.as_secs_f64() * 1e3);
    Figure {
        what: format!("many routers: {what}"),
        ours: millis(ours),
        bound: millis(bound),
        value: ours.as_secs_f64() / bound.as_secs_f64(),
        unit: "x",
        target: most.map(Target::AtMost),
    }
}
