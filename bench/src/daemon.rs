//! The daemon's parts as a child process, so that nothing but them is in its memory.
//!
//! Each line of input is a number of seconds to let pass and asks for one committed round of every router; it is
//! answered by a line with the memory held and the time the round took. Routers called sick are asked too, and not
//! waited for. A line [`WHERE`] is answered by where its API listens. The end of the input ends it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use collector::supervisor::{Supervisor, SupervisorConfig};
use jiff::tz::TimeZone;
use operations::{
    LocalToken, ManualClock, Monitors, Operations, Passwords, RouterCommandError, RouterCommands as _,
    StatusBoard, Vault,
};
use store::{Nas, NasId, Node, NodeRole, Postgres, PostgresOptions, Sqlite, Store};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::face::Face;
use crate::figure::Result;
use crate::timing::{timed, timed_async};

/// How this program starts itself as the daemon whose memory is measured; not for people.
pub(crate) const DAEMON: &str = "--daemon-on";

/// An order of the child.
pub(crate) const WHERE: &str = "where";

/// The key that the routers' passwords are sealed with.
pub(crate) const KEY: [u8; 32] = [7; 32];

/// How the names of routers begin that are not waited for.
pub(crate) const SICK: &str = "sick-";

/// The daemon's clock at its start.
const BEGIN: Micros = Micros(1_800_000_000_000_000);

/// How often a router that is not connected yet is asked again, and for how long.
const AGAIN: Duration = Duration::from_millis(50);
const TRIES: u32 = 600;

/// How often a router is looked at that is not read yet.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// Memory of a process, KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) resident: u32,
    pub(crate) peak: u32,
}

/// What a round took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) memory: Memory,
    /// Until the last router that was waited for was read and its snapshot handed to its actor.
    pub(crate) read: Duration,
    /// Until the last of them was committed.
    pub(crate) time: Duration,
}

impl Taken {
    fn line(self) -> String {
        let Taken { memory, read, time } = self;
        format!("{} {} {} {}", memory.resident, memory.peak, read.as_micros(), time.as_micros())
    }

    /// As [`run`] answers it.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let memory = Memory { resident: words.next()?.parse().ok()?, peak: words.next()?.parse().ok()? };
        let mut micros = || Some(Duration::from_micros(words.next()?.parse().ok()?));
        Some(Taken { memory, read: micros()?, time: micros()? })
    }
}

impl Memory {
    /// Of this process.
    pub(crate) fn now() -> Result<Self> {
        Memory::of_process("self")
    }

    /// Of a process by its number.
    pub(crate) fn of_process(number: &str) -> Result<Self> {
        let status = std::fs::read_to_string(format!("/proc/{number}/status"))?;
        Ok(Memory::of(&status).ok_or("the kernel does not tell the memory")?)
    }

    fn of(status: &str) -> Option<Self> {
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok()
        };
        Some(Memory { resident: field("VmRSS")?, peak: field("VmHWM")? })
    }
}

/// Polls the routers of a database that are this process' own until the input ends.
pub(crate) fn run(database: &str, node: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let store = open(database, node)?;
    let (clock, node) = (ManualClock::new(BEGIN), Node::new(node, NodeRole::All));
    let (supervisor, operations) = parts(&store, &clock, &node);
    let board = operations.board.clone();
    let stop = CancellationToken::new();
    let running = runtime.spawn(Arc::clone(&supervisor).run(stop.clone()));
    let face = runtime.block_on(Face::open(operations, stop.clone()))?;
    for order in std::io::stdin().lines() {
        let order = order?;
        if order == WHERE {
            println!("{}", face.addr());
            continue;
        }
        let routers = runtime.block_on(own(&*store, &node))?;
        clock.advance(order.trim().parse::<u64>()? * 1_000_000);
        let watch = Watch::begin(&board, &routers);
        let both = async {
            tokio::try_join!(read_all(&supervisor, &routers), async {
                Ok(timed_async(watch.all_read()).await)
            })
        };
        let (done, time) = timed(|| runtime.block_on(both));
        let ((), read) = done?;
        runtime.block_on(face.look())?;
        println!("{}", Taken { memory: Memory::now()?, read, time }.line());
    }
    stop.cancel();
    runtime.block_on(running)?;
    Ok(())
}

fn open(database: &str, node: &str) -> Result<Arc<dyn Store>> {
    if database.starts_with("postgres://") {
        let options = PostgresOptions { node: node.to_owned(), ..PostgresOptions::default() };
        return Ok(Arc::new(Postgres::open_as(database, &options)?));
    }
    Ok(Arc::new(Sqlite::open(Path::new(database))?))
}

/// The routers that this process polls.
async fn own(store: &dyn Store, node: &Node) -> Result<Vec<Nas>> {
    let held = store.share_out(node.clone()).await?.held;
    let mut routers = store.list_nas().await?;
    routers.retain(|nas| held.iter().any(|lease| lease.nas == nas.id));
    Ok(routers)
}

/// What a server is made of.
pub(crate) fn parts(
    store: &Arc<dyn Store>,
    clock: &ManualClock,
    node: &Node,
) -> (Arc<Supervisor>, Operations) {
    let (store, board) = (Arc::clone(store), StatusBoard::default());
    let (clock, vault) = (Arc::new(clock.clone()), Arc::new(Vault::new(KEY)));
    let config = SupervisorConfig { node: node.clone(), ..SupervisorConfig::default() };
    let (talkers, limits) = (config.talkers.clone(), config.limits.clone());
    let supervisor = Supervisor::new(store.clone(), board.clone(), clock.clone(), vault.clone(), config);
    let commands = supervisor.clone();
    (
        supervisor,
        Operations {
            store,
            commands,
            board,
            talkers,
            limits,
            monitors: Monitors::default(),
            clock,
            vault,
            addresses: operations::RouterAddresses::default(),
            passwords: Passwords::default(),
            process_token: None,
            local_token: LocalToken::default(),
            reach: store::Reach::Everywhere,
            maker: String::new(),
            zone: TimeZone::UTC,
            node: node.clone(),
        },
    )
}

/// Sees when routers are read: their statuses show another uptime then, for their clocks went on before.
struct Watch<'b> {
    board: &'b StatusBoard,
    /// What each router's status showed before.
    before: Vec<(NasId, Option<u64>)>,
}

impl<'b> Watch<'b> {
    fn begin(board: &'b StatusBoard, routers: &[Nas]) -> Self {
        let well = routers.iter().filter(|nas| !nas.config.name.starts_with(SICK));
        Watch { board, before: well.map(|nas| (nas.id, uptime_shown(board, nas.id))).collect() }
    }

    /// Waits for them one after the other, so that looking costs the process little however many there are.
    async fn all_read(&self) {
        for (nas, before) in &self.before {
            while uptime_shown(self.board, *nas) == *before {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

fn uptime_shown(board: &StatusBoard, nas: NasId) -> Option<u64> {
    board.get(nas).and_then(|status| status.uptime_s)
}

async fn read_all(supervisor: &Arc<Supervisor>, routers: &[Nas]) -> Result<()> {
    let mut reading = JoinSet::new();
    for nas in routers {
        let (supervisor, id) = (Arc::clone(supervisor), nas.id);
        if nas.config.name.starts_with(SICK) {
            tokio::spawn(async move { supervisor.read_now(id).await });
        } else {
            reading.spawn(read(supervisor, id));
        }
    }
    while let Some(read) = reading.join_next().await {
        read??;
    }
    Ok(())
}

/// Reads a router, waiting for it to be connected first.
async fn read(supervisor: Arc<Supervisor>, nas: NasId) -> std::result::Result<(), RouterCommandError> {
    let mut tries = 0;
    loop {
        match supervisor.read_now(nas).await {
            Ok(_) => return Ok(()),
            Err(error) if tries == TRIES => return Err(error),
            Err(_) => tries += 1,
        }
        tokio::time::sleep(AGAIN).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_kernels_words() {
        let status = "Name:\tx\nVmPeak:\t  9999 kB\nVmHWM:\t   812 kB\nVmRSS:\t   640 kB\n";
        assert_eq!(Memory::of(status), Some(Memory { resident: 640, peak: 812 }));
    }

    #[test]
    fn what_a_round_took_is_told_in_a_line() {
        let memory = Memory { resident: 640, peak: 812 };
        let taken = Taken { memory, read: Duration::from_millis(5), time: Duration::from_millis(7) };
        assert_eq!(Taken::parse(&taken.line()), Some(taken));
        assert_eq!(Taken::parse(""), None);
    }
}
