//! Many clients at once: connections that mostly wait, and clients that ask for usage, beside each other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::bound::http_client::HttpClient;
use crate::child::Daemon;
use crate::daemon::Memory;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::database;
use crate::plant::routers::Routers;
use crate::scale::Scale;
use crate::timing::timed_async;

const INTERVAL: Duration = Duration::from_secs(300);
/// Routers, and sessions on each of them.
const ROUTERS: u32 = 2;
const SESSIONS: u32 = 1_000;
/// What a busy client asks: what one login used.
const ONE: &str = "/api/v1/usage?username=user00007";
/// A page of all of them.
const PAGE: &str = "/api/v1/usage?by=router,username&limit=100";
/// Between an answer and the next question of somebody who reads.
const READING: Duration = Duration::from_secs(1);
/// The server may take so long to answer at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many there are, and for how long.
#[derive(Clone, Copy)]
struct Size {
    idle: usize,
    busy: usize,
    lasts: Duration,
}

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let size = match scale.quick {
        true => Size { idle: 50, busy: 10, lasts: Duration::from_secs(2) },
        false => Size { idle: 10_000, busy: 500, lasts: Duration::from_secs(40) },
    };
    allow_many(size.idle + size.busy + 200)?;
    let folder = Folder::new("crowd")?;
    let routers = Routers::start(ROUTERS, SESSIONS)?;
    let path = folder.file("daemon.db");
    database::make_of(&path, &routers.addrs(), SESSIONS)?;
    let mut daemon = Daemon::start(&path)?;
    for _ in 0..3 {
        routers.pass(INTERVAL);
        daemon.round(INTERVAL)?;
    }
    let (address, alone) = (daemon.address()?, daemon.memory()?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let reading = runtime.block_on(crowd(address, size, (ONE, READING)))?;
    let full = daemon.memory()?;
    let pressing = runtime.block_on(crowd(address, size, (ONE, Duration::ZERO)))?;
    let pages = runtime.block_on(crowd(address, size, (PAGE, READING)))?;
    daemon.stop()?;
    Ok(section(size, (alone, full), [&reading, &pressing, &pages]))
}

/// Both sides of a connection are in processes of this program, and the child has what this one may have.
fn allow_many(connections: usize) -> Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    if maximum.is_some_and(|most| most < connections as u64) {
        return Err(format!("crowd: {connections} connections need more open files (ulimit -n)").into());
    }
    Ok(setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}

/// How long each answer took, in order, and how many of those who wait were held on to at the end.
struct Seen {
    took: Vec<Duration>,
    held: usize,
}

async fn crowd(address: SocketAddr, size: Size, asked: (&'static str, Duration)) -> Result<Seen> {
    let (stop, held) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
    let mut idle = JoinSet::new();
    for _ in 0..size.idle {
        idle.spawn(wait(address, Arc::clone(&held), stop.clone()));
    }
    while held.load(Ordering::Relaxed) < size.idle {
        if let Some(ended) = idle.try_join_next() {
            ended??;
        }
        sleep(Duration::from_millis(20)).await;
    }
    let mut busy = JoinSet::new();
    for number in 0..u32::try_from(size.busy)? {
        // Who read for a second are not all done in the same moment.
        let begins = asked.1 * number / u32::try_from(size.busy)?;
        let (asking, stop) = (ask(address, asked, stop.clone()), stop.clone());
        busy.spawn(async move {
            stop.run_until_cancelled(sleep(begins)).await;
            asking.await
        });
    }
    sleep(size.lasts).await;
    let held = held.load(Ordering::Relaxed);
    stop.cancel();
    let mut took = Vec::new();
    while let Some(ended) = busy.join_next().await {
        took.append(&mut ended??);
    }
    while let Some(ended) = idle.join_next().await {
        ended??;
    }
    took.sort_unstable();
    Ok(Seen { took, held })
}

/// Asks something small, keeps the connection until the server closes it, and comes again.
async fn wait(address: SocketAddr, held: Arc<AtomicUsize>, stop: CancellationToken) -> Result<()> {
    while !stop.is_cancelled() {
        let mut client = HttpClient::to(address).await?;
        timeout(PATIENCE, client.ask("/healthz")).await??;
        held.fetch_add(1, Ordering::Relaxed);
        stop.run_until_cancelled(client.until_closed()).await;
        held.fetch_sub(1, Ordering::Relaxed);
    }
    Ok(())
}

async fn ask(
    address: SocketAddr,
    (path, pause): (&'static str, Duration),
    stop: CancellationToken,
) -> Result<Vec<Duration>> {
    let (mut client, mut took) = (HttpClient::to(address).await?, Vec::new());
    while !stop.is_cancelled() {
        let mut told = Ok(0);
        let asking = async { told = client.ask(path).await };
        let time = timed_async(async { timeout(PATIENCE, asking).await.unwrap_or_default() }).await;
        if told? == 0 {
            return Err("crowd: an answer did not come".into());
        }
        took.push(time);
        stop.run_until_cancelled(sleep(pause)).await;
    }
    Ok(took)
}

fn section(size: Size, (alone, full): (Memory, Memory), [reading, pressing, pages]: [&Seen; 3]) -> Section {
    let Size { idle, busy, lasts } = size;
    let who = format!("crowd: {idle} connections that wait and {busy} clients");
    let of = |seen: &Seen, hundredths: usize| {
        seen.took[(seen.took.len() * hundredths / 100).min(seen.took.len() - 1)]
    };
    let millis = |what: String, took: Duration, most: Option<f64>| Figure {
        what,
        ours: format!("{:.1} ms", took.as_secs_f64() * 1e3),
        bound: String::new(),
        value: took.as_secs_f64() * 1e3,
        unit: " ms",
        target: most.map(Target::AtMost),
    };
    let memory = |what: String, kib: u32, most: Option<f64>| Figure {
        what,
        ours: format!("{kib} KiB"),
        bound: String::new(),
        value: f64::from(kib) / 1024.0,
        unit: " MiB",
        target: most.map(Target::AtMost),
    };
    let per_s = |seen: &Seen| seen.took.len() as f64 / lasts.as_secs_f64();
    let number = |what: String, value: f64, least: Option<f64>| Figure {
        what,
        ours: format!("{value:.0}"),
        bound: String::new(),
        value,
        unit: "",
        target: least.map(Target::AtLeast),
    };
    Section {
        figures: vec![
            millis(
                format!("{who} who ask what one login used and read it for a second: 99 of 100 answers"),
                of(reading, 99),
                Some(100.0),
            ),
            millis("crowd: the same, half of them".to_owned(), of(reading, 50), None),
            number("crowd: the same, answers a second".to_owned(), per_s(reading), None),
            number(
                "crowd: the same, connections that wait at the end".to_owned(),
                reading.held as f64,
                Some(idle as f64 * 0.9),
            ),
            memory("crowd: the same, VmRSS of the server".to_owned(), full.resident, Some(300.0)),
            memory("crowd: VmRSS of the server before anybody came".to_owned(), alone.resident, None),
            millis(format!("{who} who ask again at once: 99 of 100 answers"), of(pressing, 99), None),
            number("crowd: the same, answers a second".to_owned(), per_s(pressing), None),
            millis(
                format!("{who} who ask for a page of all and read it for a second: half of the answers"),
                of(pages, 50),
                None,
            ),
            number("crowd: the same, answers a second".to_owned(), per_s(pages), None),
        ],
        notes: vec![format!(
            "crowd: the daemon of `memory` as a child process with {ROUTERS} routers of {SESSIONS} sessions, its clients \
             in this one, all on the machine's cores. Connections that wait have asked `/healthz` once and come again when \
             the server closes them (after 30 s without a request). The others ask `{ONE}`, or `{PAGE}`, over a connection \
             that stays, with a token; a time is from the first octet sent to the last one read; those who read begin one after the \
             other within the first second. {} s for each figure.",
            lasts.as_secs(),
        )],
    }
}
