//! The daemon's parts as a child process, so that nothing but them is in its memory.
//!
//! Each line of input is a number of seconds to let pass and asks for one committed round of every router; it is
//! answered by a line with the memory held. The end of the input ends it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use collector::supervisor::{Supervisor, SupervisorConfig};
use operations::{ManualClock, Operations, RouterCommandError, RouterCommands as _, StatusBoard, Vault};
use store::{NasId, Sqlite, Store};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::face::Face;
use crate::figure::Result;

/// How this program starts itself as the daemon whose memory is measured; not for people.
pub(crate) const DAEMON: &str = "--daemon-on";

/// The key that the routers' passwords are sealed with.
pub(crate) const KEY: [u8; 32] = [7; 32];

/// The daemon's clock at its start.
const BEGIN: Micros = Micros(1_800_000_000_000_000);

/// How often a router that is not connected yet is asked again, and for how long.
const AGAIN: Duration = Duration::from_millis(50);
const TRIES: u32 = 600;

/// Memory of a process, KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) resident: u32,
    pub(crate) peak: u32,
}

impl Memory {
    /// As [`run`] answers it.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (resident, peak) = line.trim_end().split_once(' ')?;
        Some(Memory { resident: resident.parse().ok()?, peak: peak.parse().ok()? })
    }

    fn of(status: &str) -> Option<Self> {
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok()
        };
        Some(Memory { resident: field("VmRSS")?, peak: field("VmHWM")? })
    }
}

/// Polls the routers of the database at `path` until the input ends.
pub(crate) fn run(path: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(path)?);
    let clock = ManualClock::new(BEGIN);
    let (supervisor, operations) = parts(&store, &clock);
    let stop = CancellationToken::new();
    let running = runtime.spawn(Arc::clone(&supervisor).run(stop.clone()));
    let face = runtime.block_on(Face::open(operations, stop.clone()))?;
    let routers: Vec<NasId> = runtime.block_on(store.list_nas())?.iter().map(|nas| nas.id).collect();
    for order in std::io::stdin().lines() {
        clock.advance(order?.trim().parse::<u64>()? * 1_000_000);
        runtime.block_on(read_all(&supervisor, &routers))?;
        runtime.block_on(face.look())?;
        let status = std::fs::read_to_string("/proc/self/status")?;
        let Memory { resident, peak } = Memory::of(&status).ok_or("the kernel does not tell the memory")?;
        println!("{resident} {peak}");
    }
    stop.cancel();
    runtime.block_on(running)?;
    Ok(())
}

fn parts(store: &Arc<dyn Store>, clock: &ManualClock) -> (Arc<Supervisor>, Operations) {
    let (store, board) = (Arc::clone(store), StatusBoard::default());
    let (clock, vault) = (Arc::new(clock.clone()), Arc::new(Vault::new(KEY)));
    let supervisor = Supervisor::new(
        store.clone(),
        board.clone(),
        clock.clone(),
        vault.clone(),
        SupervisorConfig::default(),
    );
    let commands = supervisor.clone();
    (supervisor, Operations { store, commands, board, clock, vault, process_token: None })
}

async fn read_all(supervisor: &Arc<Supervisor>, routers: &[NasId]) -> Result<()> {
    let mut reading = JoinSet::new();
    for nas in routers {
        reading.spawn(read(Arc::clone(supervisor), *nas));
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
        let memory = Memory { resident: 640, peak: 812 };
        assert_eq!(Memory::of(status), Some(memory));
        assert_eq!(Memory::parse("640 812\n"), Some(memory));
        assert_eq!(Memory::parse(""), None);
    }
}
