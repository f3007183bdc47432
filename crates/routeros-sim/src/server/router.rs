//! [`SimRouter`]: starting, scripting, watching and stopping one simulated router.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::accept;
use super::api_ssl::{ApiSsl, Speech};
use super::shared::Shared;
use super::stats::Stats;
use crate::faults::Faults;
use crate::world::{Device, World};

/// How often a router on host time looks whether something fell due that `listen` has to tell.
const TICK: Duration = Duration::from_millis(50);

/// What moves the world's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeMode {
    /// Only the script, by [`World::advance`].
    #[default]
    Virtual,
    /// The host's time, for demonstrations. A script may advance it further.
    Wall,
    /// The host's time, passing that many times as fast, to see soon what takes long.
    Lapse(u32),
}

impl TimeMode {
    /// How many times as fast as the host's the time passes; `None`: it does not follow that.
    fn follows_host(self) -> Option<u32> {
        match self {
            TimeMode::Virtual => None,
            TimeMode::Wall => Some(1),
            TimeMode::Lapse(times) => Some(times),
        }
    }
}

/// How a router is served.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What moves the clock.
    pub time: TimeMode,
}

struct Running {
    shared: Arc<Shared>,
    addr: SocketAddr,
    /// Whether the port is to be open, and whether it is.
    wanted: watch::Sender<bool>,
    bound: watch::Receiver<bool>,
    tasks: TaskTracker,
}

/// One simulated router being served. Clones are handles to the same router; with the last one it stops.
#[derive(Clone)]
pub struct SimRouter {
    running: Arc<Running>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

impl From<Device> for World {
    fn from(device: Device) -> Self {
        Self::new(device)
    }
}

impl SimRouter {
    /// Serves a device, or a world prepared beforehand, on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(world: impl Into<World>, options: Options) -> io::Result<Self> {
        Self::start_on((Ipv4Addr::LOCALHOST, 0).into(), world, options).await
    }

    /// As [`SimRouter::start`], at this address.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn start_on(addr: SocketAddr, world: impl Into<World>, options: Options) -> io::Result<Self> {
        let listener = accept::bind(addr)?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared::new(world.into(), options.time.follows_host()));
        let tasks = TaskTracker::new();
        let wanted = watch::Sender::new(true);
        let (bound_now, bound) = watch::channel(true);
        let door = accept::Door {
            shared: shared.clone(),
            addr,
            speech: Speech::Plain,
            wanted: wanted.subscribe(),
            bound: bound_now,
        };
        tasks.spawn(accept::run(door, listener, tasks.clone()));
        if options.time.follows_host().is_some() {
            tasks.spawn(tick(shared.clone()));
        }
        Ok(Self { running: Arc::new(Running { shared, addr, wanted, bound, tasks }) })
    }

    /// Opens `api-ssl` on a free port of the same address, until the router stops. Says where.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn open_api_ssl(&self, service: &ApiSsl) -> io::Result<SocketAddr> {
        self.open_api_ssl_on((self.addr().ip(), 0).into(), service)
    }

    /// As [`SimRouter::open_api_ssl`], at this address.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub fn open_api_ssl_on(&self, addr: SocketAddr, service: &ApiSsl) -> io::Result<SocketAddr> {
        let listener = accept::bind(addr)?;
        let addr = listener.local_addr()?;
        let Running { shared, tasks, .. } = &*self.running;
        let (wanted, bound) = (watch::Sender::new(true), watch::Sender::new(true));
        let speech = Speech::of(service)?;
        let door = accept::Door { shared: shared.clone(), addr, speech, wanted: wanted.subscribe(), bound };
        tasks.spawn(accept::run(door, listener, tasks.clone()));
        Ok(addr)
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.running.addr
    }

    /// Does something with the world. Changes are told to those that listen; a reboot breaks every connection.
    pub fn with_world<R>(&self, act: impl FnOnce(&mut World) -> R) -> R {
        self.running.shared.world(act)
    }

    /// What is to go wrong.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.running.shared.faults
    }

    /// Runs `action` on the world just before the `nth` coming print of `path` (`/ppp/active/print`) is
    /// answered; 1 is the next one.
    pub fn at_print(&self, path: &str, nth: u32, action: impl FnOnce(&mut World) + Send + 'static) {
        self.running.shared.hooks.add(path, nth, Box::new(action));
    }

    /// What clients did so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.running.shared.counting.now()
    }

    /// The commands that came in so far to change something (or to do something outside the menus, as a reboot), refused ones too, as sent and without their tags; at most the
    /// last ten thousand.
    #[must_use]
    pub fn changes(&self) -> Vec<String> {
        self.running.shared.counting.changes()
    }

    /// Closes every connection of now, without a word.
    pub fn drop_connections(&self) {
        self.running.shared.cut_connections();
    }

    /// Closes or opens the port; while it is closed connects are refused. Connections that exist go on. Returns
    /// once it is so, or when the router stopped.
    pub async fn set_listening(&self, listening: bool) {
        self.running.wanted.send_replace(listening);
        let mut bound = self.running.bound.clone();
        // An error means that the accepting task ended, hence that the router stopped.
        let _ = bound.wait_for(|&bound| bound == listening).await;
    }

    /// Ends when the router stops.
    pub async fn stopped(&self) {
        self.running.shared.stop.cancelled().await;
    }

    /// Stops serving and waits until every task has ended.
    pub async fn stop(&self) {
        self.running.shared.stop.cancel();
        self.running.tasks.close();
        self.running.tasks.wait().await;
    }
}

/// On host time things fall due by themselves; somebody has to look.
async fn tick(shared: Arc<Shared>) {
    let mut interval = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            _ = interval.tick() => shared.world(|_| ()),
            () = shared.stop.cancelled() => return,
        }
    }
}
