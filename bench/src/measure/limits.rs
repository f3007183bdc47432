//! Speed limits: how long one takes until the router shows it, what it costs to keep many as they are, and how long a page
//! of what users move takes.

use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use collector::supervisor::Supervisor;
use operations::{LimitsKept, ManualClock, RouterCommandError, RouterCommands as _};
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, World};
use store::{
    LimitSubject, LimitUntil, NasId, NewAudit, Node, NodeRole, RateLimit, Sqlite, Store, WantedLimit,
};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::daemon::{KEY, parts};
use crate::face::Face;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::database::{router, sealed};
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{median, timed_async};

/// Users of a hotspot that is idle but for one whose limit is set.
const FEW: u32 = 1_000;
/// Users who are all limited.
const MANY: u32 = 5_000;
/// Limits that are set one after the other.
const SETS: u32 = 100;
/// Passes that find nothing to do.
const PASSES: usize = 5;
/// Pages of what users move.
const PAGES: usize = 20;
/// Our clock, which stands still, and the router's uptime.
const BEGIN: Micros = Micros(1_800_000_000_000_000);
const HISTORY: Duration = Duration::from_secs(100_000);
/// How often and how long something is waited for that a router has to be asked for first.
const AGAIN: Duration = Duration::from_millis(50);
const TRIES: u32 = 1_200;

/// Measures them.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let (few, many) = if scale.quick { (20, 40) } else { (FEW, MANY) };
    let runtime = Runtime::new()?;
    let mut figures = runtime.block_on(of_few(few))?;
    figures.extend(runtime.block_on(of_many(many))?);
    Ok(Section { figures, notes: vec![note(few, many)] })
}

async fn of_few(users: u32) -> Result<Vec<Figure>> {
    let shop = Shop::open("limits-few", users).await?;
    let sets = SETS.min(users);
    let mut took = Vec::new();
    for user in 0..sets {
        let body = format!(r#"{{"mac":"{}","upload":"1M","download":"2M"}}"#, mac(user));
        let (told, time) = timed_answer(shop.face.ask("POST", "/admin/api/set-bandwidth", &body)).await;
        if !told?.contains("Bandwidth limit set to 1M/2M") {
            return Err("a limit was not set".into());
        }
        took.push(time);
        exact("limits: commands to the router", shop.sim.changes().len(), user as usize + 1)?;
    }
    took.sort_unstable();
    let slow = took[took.len() * 95 / 100];
    let page = shop.page(users).await?;
    shop.close().await?;
    Ok(vec![
        millis("limits: from the click until the router shows it, 95 of 100", slow, 1_000.0),
        millis(&format!("limits: what {users} users move, a page of it"), page, 50.0),
    ])
}

async fn of_many(users: u32) -> Result<Vec<Figure>> {
    let shop = Shop::open("limits-many", users).await?;
    for user in 0..users {
        let act = NewAudit::by_system(BEGIN, "limit.set", "bench");
        shop.store.set_limit(shop.wanted(user), act).await?;
    }
    let first = shop.until_kept(users).await?;
    let (changes, prints) = (shop.sim.changes(), shop.sim.stats().prints);
    let (mut took, mut sent) = (Vec::new(), 0);
    for _ in 0..PASSES {
        let (kept, pass) = shop.pass().await?;
        exact("limits: users who are limited", kept.ours, users as usize)?;
        sent += kept.commands.len();
        took.push(pass);
    }
    if shop.sim.changes() != changes {
        return Err("limits: a pass sent what it does not tell".into());
    }
    let prints_now = shop.sim.stats().prints;
    let more = prints_now.iter().map(|(path, now)| now - prints.get(path).unwrap_or(&0));
    let most = more.max().unwrap_or_default();
    shop.close().await?;
    Ok(vec![
        told(&format!("limits: {users} users who have none yet, until all have"), first),
        told(&format!("limits: {users} users who have theirs, a pass over them"), median(took)),
        number("limits: the same, prints of a table in a pass", most as f64 / PASSES as f64, 1.0),
        number("limits: the same, commands that change something", sent as f64, 0.0),
    ])
}

/// A hotspot and our server, in this process.
struct Shop {
    sim: SimRouter,
    nas: NasId,
    store: Arc<dyn Store>,
    supervisor: Arc<Supervisor>,
    face: Face,
    stop: CancellationToken,
    running: tokio::task::JoinHandle<()>,
    _folder: Folder,
}

impl Shop {
    async fn open(name: &str, users: u32) -> Result<Shop> {
        let folder = Folder::new(name)?;
        let sim = SimRouter::start(world(users), Options { time: TimeMode::Wall }).await?;
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(&folder.file("shop.db"))?);
        let act = NewAudit::by_system(BEGIN, "router.add", "bench");
        let nas = store.insert_nas(sealed(router("shop", sim.addr()), KEY), act).await?;
        let node = Node::new(name, NodeRole::All);
        let (supervisor, operations) = parts(&store, &ManualClock::new(BEGIN), &node);
        let stop = CancellationToken::new();
        let running = tokio::spawn(Arc::clone(&supervisor).run(stop.clone()));
        let face = Face::open(operations, stop.clone()).await?;
        let shop = Shop { sim, nas, store, supervisor, face, stop, running, _folder: folder };
        shop.until_read().await?;
        Ok(shop)
    }

    async fn until_read(&self) -> Result<()> {
        for _ in 0..TRIES {
            if self.supervisor.read_now(self.nas).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(AGAIN).await;
        }
        Err("the hotspot cannot be read".into())
    }

    /// How long a page takes that tells the rates of all.
    async fn page(&self, users: u32) -> Result<Duration> {
        for _ in 0..TRIES {
            if rates(&self.traffic().await?.0) == users as usize {
                let mut took = Vec::new();
                for _ in 0..PAGES {
                    took.push(self.traffic().await?.1);
                }
                return Ok(median(took));
            }
            tokio::time::sleep(AGAIN).await;
        }
        Err("what users move is not told".into())
    }

    async fn traffic(&self) -> Result<(String, Duration)> {
        let (page, took) = timed_answer(self.face.ask("GET", "/admin/api/user-traffic", "")).await;
        Ok((page?, took))
    }

    /// Passes until all are limited; how long that took.
    async fn until_kept(&self, users: u32) -> Result<Duration> {
        let mut whole = Duration::ZERO;
        for _ in 0..TRIES {
            let (kept, took) = self.ordered().await?;
            whole += took;
            match kept {
                Ok(kept) if kept.ours == users as usize => return Ok(whole),
                // An order is answered before thousands of commands are: the pass goes on without it.
                Ok(_) | Err(RouterCommandError::Unknown(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err("limits: not all are set".into())
    }

    /// A pass that somebody orders, and how long it took.
    async fn pass(&self) -> Result<(LimitsKept, Duration)> {
        let (kept, took) = self.ordered().await?;
        Ok((kept?, took))
    }

    async fn ordered(&self) -> Result<(std::result::Result<LimitsKept, RouterCommandError>, Duration)> {
        let mut routers = self.store.list_nas().await?;
        let nas = routers.pop().ok_or("the router is gone")?;
        Ok(timed_answer(self.supervisor.keep_limits(nas, None, false)).await)
    }

    fn wanted(&self, user: u32) -> WantedLimit {
        WantedLimit {
            nas: self.nas,
            subject: LimitSubject::Device(mac(user).into_bytes()),
            rate: RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) },
            until: LimitUntil::Removed,
            set_by: "bench".to_owned(),
            set_at: BEGIN,
        }
    }

    async fn close(self) -> Result<()> {
        self.stop.cancel();
        Ok(self.running.await?)
    }
}

async fn timed_answer<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let mut done = None;
    let took = timed_async(async { done = Some(work.await) }).await;
    (done.expect("it was waited for"), took)
}

/// Of how many users a page tells a rate.
fn rates(page: &str) -> usize {
    page.matches(r#""rate_in":""#).count()
}

fn world(users: u32) -> World {
    let mut world = World::new(Device::new("shop", Personality::V7_20, 1));
    world.add_hotspot("hotspot1");
    world.advance(HISTORY);
    for user in 0..users {
        world.log_in(format!("guest-{user}"), mac(user), 1_000_000, 2_000_000);
    }
    world
}

fn mac(user: u32) -> String {
    let [_, a, b, c] = user.to_be_bytes();
    format!("AA:BB:CC:{a:02X}:{b:02X}:{c:02X}")
}

fn figure(what: &str, ours: String, value: f64, unit: &'static str, target: Option<Target>) -> Figure {
    Figure { what: what.to_owned(), ours, bound: String::new(), value, unit, target }
}

fn millis(what: &str, took: Duration, most: f64) -> Figure {
    let ms = took.as_secs_f64() * 1e3;
    figure(what, format!("{ms:.1} ms"), ms, " ms", Some(Target::AtMost(most)))
}

fn told(what: &str, took: Duration) -> Figure {
    let ms = took.as_secs_f64() * 1e3;
    figure(what, format!("{ms:.0} ms"), ms, " ms", None)
}

fn number(what: &str, value: f64, most: f64) -> Figure {
    figure(what, format!("{value:.2}"), value, "", Some(Target::AtMost(most)))
}

fn note(few: u32, many: u32) -> String {
    format!(
        "limits: one simulated router with a hotspot, our server (supervisor, SQLite store on a disk, HTTP) in the same process. From \
         the click: `POST /admin/api/set-bandwidth` one after the other, for users among {few} who are connected, until the answer, \
         which is given when the router showed the queue as wanted; the commands that the router had are counted. The page: \
         `GET /admin/api/user-traffic` when all {few} have rates, median of {PAGES}. {many} users: limits that stay, written to the \
         database one by one before; passes that are ordered, one after the other, the first ones until all are set, then \
         {PASSES} that have nothing to do; of all tables, the one that was printed most is told."
    )
}
