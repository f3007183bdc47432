//! Many small routers in one process, over TLS, one of them hanging and one dead.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use routeros_sim::world::Mark;
use socket2::{Domain, Socket, Type};
use store::{NewNas, TlsMode};

use crate::bound::bare_reader::BareReader;
use crate::child::Daemon;
use crate::daemon::{KEY, Memory, SICK};
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::database;
use crate::plant::routers::Routers;
use crate::plant::totals::Totals;
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{ROUNDS, median};

/// Sessions of one router.
const EACH: u32 = 100;

/// Between two rounds, by the routers' clocks and the daemons'.
const INTERVAL: Duration = Duration::from_secs(300);

/// Memory that one router over TLS may cost, and what all else may.
const KIB_PER_ROUTER: u32 = 64;
const KIB_BESIDE: u32 = 100 * 1024;

/// Measures them: a daemon on healthy routers alone, a daemon with two sick ones beside them, and a bare reader, in turns.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let count = scale.sessions / EACH;
    let folder = Folder::new("many-routers")?;
    let routers = Routers::start(count, EACH)?;
    let sick = Sick::new()?;
    let doors = routers.open_api_ssl()?;
    let mut bare = BareReader::open(&routers.addrs())?;
    let mut well = Polled::start(&folder.file("well.db"), &routers, &doors, &[])?;
    let mut beside = Polled::start(&folder.file("beside.db"), &routers, &doors, &sick.entries()?)?;
    let mut took = Took::default();
    for round in 0..=ROUNDS {
        routers.pass(INTERVAL);
        let (sums, bare_time) = bare.round()?;
        exact("many routers, read bare", sums, routers.sums())?;
        let times = (well.round(&routers)?, beside.round(&routers)?, bare_time);
        // The first round is not counted: caches and connections are cold.
        if round > 0 {
            took.add(times);
        }
    }
    let memory = beside.memory;
    well.daemon.stop()?;
    beside.daemon.stop()?;
    Ok(section(count, took, memory, &folder.file_system()))
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
    memory: Memory,
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
        let memory = daemon.round(INTERVAL)?.memory;
        Ok(Polled { daemon, totals: Totals::open(path)?, marks: routers.mark(), memory })
    }

    fn round(&mut self, routers: &Routers) -> Result<Duration> {
        let taken = self.daemon.round(INTERVAL)?;
        self.memory = taken.memory;
        self.totals.check("many routers", routers.sums().octets, routers.truth_since(&self.marks))?;
        Ok(taken.time)
    }
}

/// What each round took.
#[derive(Debug, Default)]
struct Took {
    well: Vec<Duration>,
    beside: Vec<Duration>,
    bare: Vec<Duration>,
}

impl Took {
    fn add(&mut self, (well, beside, bare): (Duration, Duration, Duration)) {
        self.well.push(well);
        self.beside.push(beside);
        self.bare.push(bare);
    }
}

fn section(count: u32, took: Took, memory: Memory, file_system: &str) -> Section {
    let [well, beside, bare] = [took.well, took.beside, took.bare].map(median);
    let most = f64::from(KIB_BESIDE + KIB_PER_ROUTER * count) / 1024.0;
    let figures = vec![
        times("a round with a hanging and a dead router beside them, against without", beside, well, 1.5),
        times("a round, committed, against a bare reader with all prints in flight", beside, bare, 4.0),
        Figure {
            what: "many routers: VmRSS".to_owned(),
            ours: format!("{} KiB", memory.resident),
            bound: String::new(),
            value: f64::from(memory.resident) / 1024.0,
            unit: " MiB",
            target: Some(Target::AtMost(most)),
        },
    ];
    let note = format!(
        "many routers: {count} routers of {EACH} sessions, all read in the same moment, over pinned TLS, by one process as \
         in the memory measurement; a round ends when every healthy router is read and committed, one transaction with \
         synchronous FULL each, on {file_system}. The bare reader keeps plain connections and adds up one print of the \
         counters. The simulated routers send from this process on a thread of its own. VmRSS may be {KIB_BESIDE} KiB and \
         {KIB_PER_ROUTER} KiB for each router."
    );
    Section { figures, notes: vec![note] }
}

fn times(what: &str, ours: Duration, bound: Duration, most: f64) -> Figure {
    let millis = |took: Duration| format!("{:.0} ms", took.as_secs_f64() * 1e3);
    Figure {
        what: format!("many routers: {what}"),
        ours: millis(ours),
        bound: millis(bound),
        value: ours.as_secs_f64() / bound.as_secs_f64(),
        unit: "x",
        target: Some(Target::AtMost(most)),
    }
}
