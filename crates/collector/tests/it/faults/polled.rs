//! One simulated router on wall time with a real poller, actor, listener and store, and deadlines a test can wait for.

use std::sync::Arc;
use std::time::Duration;

use collector::actor::{Actor, ActorDependencies, Inbox, Turns};
use collector::control::{Ear, listen};
use collector::devices::Devices;
use collector::link::{Deadlines, Target};
use collector::poller::{PollerSetup, READ_REQUESTS, ReadRequest, poll};
use operations::{Phase, ReadNow, RouterCommandError, RouterStatus, StatusBoard, SystemClock, TalkerBoard};
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Mark, Service, SessionKey, World};
use store::{Lease, NasId, Sqlite};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::books;
use super::patience::{until, until_shown};
use super::stalling::Stalling;
use crate::sim::target;

/// What every session had transferred before anybody looked, in each direction.
const BEFORE_COVERAGE: u64 = 7_000_000;

/// How a router is polled.
pub(super) struct Setting {
    pub(super) interval: Duration,
    pub(super) waiting_bytes: usize,
    pub(super) listens: bool,
    pub(super) question_every: Duration,
    pub(super) link_speed_bps: Option<u64>,
}

impl Default for Setting {
    fn default() -> Self {
        Setting {
            interval: Duration::from_millis(40),
            waiting_bytes: 64 << 20,
            listens: false,
            question_every: Deadlines::default().question_every,
            link_speed_bps: None,
        }
    }
}

/// See the module. Everything stops when it is dropped.
pub(super) struct Polled {
    pub(super) sim: SimRouter,
    /// Before it nothing is counted.
    pub(super) mark: Mark,
    pub(super) sqlite: Sqlite,
    pub(super) repository: Stalling,
    pub(super) inbox: Arc<Inbox>,
    pub(super) ear: Arc<Ear>,
    pub(super) board: StatusBoard,
    pub(super) nas: NasId,
    requests: mpsc::Sender<ReadRequest>,
    _stop: DropGuard,
}

impl Polled {
    /// Polls a router with some subscribers, whose coverage begins before this returns.
    pub(super) async fn start(setting: Setting) -> Polled {
        let polled = Polled::of(crate::sim::world(), setting).await;
        polled.covered().await;
        polled
    }

    /// Polls this world; returns at once.
    pub(super) async fn of(mut world: World, setting: Setting) -> Polled {
        world.advance(Duration::from_secs(1_000));
        for number in 0..20 {
            let key = world.connect(format!("u{number}"), Service::Pppoe, crate::sim::MAC, 0, 0);
            world.transfer(key, BEFORE_COVERAGE, BEFORE_COVERAGE);
        }
        let mark = world.mark();
        let sim = SimRouter::start(world, Options { time: TimeMode::Wall }).await.unwrap();
        let target = target(&sim);
        let deadlines = Deadlines {
            command: Duration::from_millis(900),
            question_every: setting.question_every,
            ..target.deadlines
        };
        Polled::at(sim, mark, Target { deadlines, ..target }, setting).await
    }

    /// Polls what answers at `target`.
    pub(super) async fn at(sim: SimRouter, mark: Mark, target: Target, setting: Setting) -> Polled {
        let sqlite = Sqlite::open_in_memory().unwrap();
        let nas = books::enter(&sqlite, "r", setting.link_speed_bps).await;
        let repository = Stalling::new(sqlite.clone());
        let (inbox, ear) = (Arc::new(Inbox::new(setting.waiting_bytes)), Arc::new(Ear::default()));
        let (board, clock) = (StatusBoard::new(), Arc::new(SystemClock::new()));
        let stop = CancellationToken::new();
        let (requests, receiver) = mpsc::channel(READ_REQUESTS);
        let turns = Turns::new(1);
        let dependencies = ActorDependencies {
            repository: Arc::new(repository.clone()),
            turns,
            talkers: TalkerBoard::default(),
            interval: Duration::from_secs(1),
        };
        tokio::spawn(
            Actor::new(Lease { nas, epoch: 1 }, inbox.clone(), ear.clone(), dependencies).run(stop.clone()),
        );
        if setting.listens {
            let nobody = crate::sim::nobody_watched();
            tokio::spawn(listen(target.clone(), ear.clone(), nobody, clock.clone(), stop.clone()));
        }
        let setup = PollerSetup {
            nas,
            target,
            interval: setting.interval,
            repository: Arc::new(repository.clone()),
            devices: Arc::new(Devices::new(Arc::new(sqlite.clone()))),
            inbox: inbox.clone(),
            ear: ear.clone(),
            board: board.clone(),
            clock,
        };
        tokio::spawn(poll(setup, receiver, stop.clone()));
        Polled { sim, mark, sqlite, repository, inbox, ear, board, nas, requests, _stop: stop.drop_guard() }
    }

    /// Waits for the first committed round, and on until a session that begins now surely begins under observation.
    pub(super) async fn covered(&self) {
        self.when(|status| status.rounds_total > 0).await;
        self.world(|world| world.advance(Duration::from_secs(10)));
        // The router's time ran ahead of ours: a round sees that before anybody dials in.
        self.read().await.unwrap();
    }

    pub(super) async fn when(&self, wanted: impl FnMut(&RouterStatus) -> bool) -> RouterStatus {
        until_shown(&self.board, self.nas, wanted).await
    }

    /// Waits until it is shown in that phase, with a sentence that contains `says`.
    pub(super) async fn when_troubled(&self, phase: Phase, says: &str) -> RouterStatus {
        let says_so =
            |status: &RouterStatus| status.message.as_deref().is_some_and(|text| text.contains(says));
        self.when(|status| status.phase == phase && says_so(status)).await
    }

    /// Waits until rounds are committed again.
    pub(super) async fn when_well(&self) {
        let before = self.board.get(self.nas).map_or(0, |status| status.rounds_total);
        self.when(|status| status.phase == Phase::Online && status.rounds_total >= before + 2).await;
    }

    pub(super) fn world<R>(&self, act: impl FnOnce(&mut World) -> R) -> R {
        self.sim.with_world(act)
    }

    pub(super) fn surf(&self) {
        self.world(books::surf);
    }

    pub(super) fn connect(&self, login: &str) -> SessionKey {
        self.world(|world| world.connect(login, Service::Pppoe, crate::sim::MAC, 0, 0))
    }

    /// Asks for a reading.
    pub(super) async fn read(&self) -> Result<ReadNow, RouterCommandError> {
        let (ask, mut asked) = ReadRequest::new();
        self.requests.send(ask).await.unwrap();
        asked.answer().await.unwrap()
    }

    /// Waits until it can be read, perhaps on a new connection.
    pub(super) async fn until_read(&self) {
        let rounds = self.board.get(self.nas).map_or(0, |status| status.rounds_total);
        while self.read().await.is_err() {
            super::patience::a_while(20).await;
        }
        self.when(|status| status.rounds_total > rounds).await;
    }

    /// Prints of the counter table answered so far.
    pub(super) fn counter_prints(&self) -> u64 {
        self.sim.stats().prints.get("/interface/print").copied().unwrap_or(0)
    }

    /// Reads once more; then every total must be the truth.
    pub(super) async fn assert_exact(&self) {
        self.read().await.unwrap();
        books::assert_exact(&self.sqlite, &books::truth_since(&self.sim, &self.mark), None).await;
    }

    /// Waits until the simulator has shown a session to somebody who listens.
    pub(super) async fn until_heard(&self, key: SessionKey) {
        let rows =
            || self.world(|world| world.truth().session(key).map_or(0, |session| session.shown.listen_rows));
        until("listen showed the session", || rows() > 0).await;
    }
}
