//! A simulated router, a link to it, and its rounds.

use std::sync::Arc;
use std::time::Duration;

use collector::control::{Admitting, Keeping, LimitOrders, VoucherOrders, Watching};
use collector::link::{Deadlines, Link, LinkError, Target};
use collector::round::{CleanRound, Round, RoundError, Wanted};
use operations::{LimitBoard, LiveBoard, StatusBoard, SystemClock, VoucherBoard};
use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{Device, Personality, Service, SessionKey, World};
use store::NasId;

pub(crate) const MAC: &[u8] = b"AA:BB:CC:00:00:01";

pub(crate) fn world() -> World {
    World::new(Device::new("tower", Personality::V7_20, 7))
}

pub(crate) async fn start(world: World) -> SimRouter {
    SimRouter::start(world, Options::default()).await.unwrap()
}

/// A target with deadlines that a test can wait for.
pub(crate) fn target_at(addr: std::net::SocketAddr, password: &str) -> Target {
    let mut target =
        Target::new(addr.ip().to_string(), addr.port(), Device::DEFAULT_USER, password.to_owned().into());
    let soon = Duration::from_millis(400);
    let command = Duration::from_secs(10);
    target.deadlines = Deadlines { connect: soon, login: soon, idle: soon, command, ..Deadlines::default() };
    target
}

pub(crate) fn target(router: &SimRouter) -> Target {
    target_at(router.addr(), Device::DEFAULT_PASSWORD)
}

pub(crate) async fn link(router: &SimRouter) -> Link {
    Link::open(&target(router)).await.unwrap()
}

/// Nobody is watched on a router that is only listened to.
pub(crate) fn nobody_watched() -> (Watching, Keeping, Admitting) {
    let clock = Arc::new(SystemClock::new());
    let watching = Watching::new(NasId(1), LiveBoard::default(), StatusBoard::new(), clock);
    (watching, nobody_limited(), nobody_admitted())
}

/// Nobody is to be let in.
pub(crate) fn nobody_admitted() -> Admitting {
    Admitting::new(NasId(1), VoucherBoard::default(), Arc::new(SystemClock::new()), VoucherOrders::none())
}

/// Nobody's limits are wanted.
pub(crate) fn nobody_limited() -> Keeping {
    Keeping::new(NasId(1), LimitBoard::default(), Arc::new(SystemClock::new()), LimitOrders::none())
}

/// An admin does something to the router.
pub(crate) async fn tell(router: &SimRouter, path: &str, settings: &[(&str, &str)]) {
    let command =
        settings.iter().fold(Command::new(path), |command, (name, value)| command.attr(name, value));
    link(router).await.print(&command, |_| ()).await.unwrap();
}

/// The error of a login that must fail.
pub(crate) async fn refused(target: &Target) -> LinkError {
    Link::open(target).await.map(|_| ()).unwrap_err()
}

/// Rounds over one connection.
pub(crate) struct Poller {
    pub(crate) router: SimRouter,
    link: Link,
    round: Round,
    clock: SystemClock,
}

impl Poller {
    pub(crate) async fn start(world: World) -> Self {
        let router = start(world).await;
        let link = link(&router).await;
        Poller { router, link, round: Round::new(), clock: SystemClock::new() }
    }

    /// A new connection to the same router.
    pub(crate) async fn reconnect(&mut self) {
        self.link = link(&self.router).await;
        self.round = Round::new();
    }

    pub(crate) async fn try_round(&mut self) -> Result<CleanRound, RoundError> {
        self.round.run(&mut self.link, &self.clock, &Wanted::default(), &[]).await
    }

    pub(crate) async fn round(&mut self) -> CleanRound {
        self.try_round().await.unwrap()
    }

    pub(crate) async fn forced_round(&mut self) -> CleanRound {
        self.round
            .run(&mut self.link, &self.clock, &Wanted { owners: true, ..Wanted::default() }, &[])
            .await
            .unwrap()
    }

    /// Prints of this path that the router has answered so far.
    pub(crate) fn prints(&self, path: &str) -> u64 {
        self.router.stats().prints.get(path).copied().unwrap_or(0)
    }

    pub(crate) fn act<R>(&self, act: impl FnOnce(&mut World) -> R) -> R {
        self.router.with_world(act)
    }

    pub(crate) fn connect(&self, login: &str) -> SessionKey {
        self.act(|world| world.connect(login, Service::Pppoe, MAC, 0, 0))
    }

    /// Connects `u0`, `u1` and so on.
    pub(crate) fn connect_many(&self, sessions: u32) {
        for number in 0..sessions {
            self.connect(&format!("u{number}"));
        }
    }
}
