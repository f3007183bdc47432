//! A supervisor with a store of its own and simulated routers on wall time, put together as the program does it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use accounting::time::{HostInstant, Micros};
use collector::disconnect::Pace;
use collector::supervisor::{Supervisor, SupervisorConfig};
use operations::{
    Clock, LimitBoard, PasswordPlace, ReadNow, RouterCommandError, RouterCommands, RouterStatus, StatusBoard,
    SystemClock, Vault,
};
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, World};
use secrecy::SecretString;
use store::{NasId, NasOrigin, NasPatch, NasRepository, NewNas, Node, SealedPassword, Sqlite, TlsMode};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::books::act;
use super::patience::until_shown;

/// The clocks of a host, of which the one on the wall can be set.
#[derive(Clone)]
pub(super) struct HostClock {
    clock: SystemClock,
    /// So much later both are than this host's.
    later: Duration,
    set_us: Arc<AtomicI64>,
    /// It is another host than this one.
    is_other: bool,
}

impl HostClock {
    fn new(later: Duration) -> HostClock {
        HostClock { clock: SystemClock::new(), later, set_us: Arc::default(), is_other: false }
    }

    /// Of another host, and behind.
    pub(super) fn of_another(by: Duration) -> HostClock {
        let clock = HostClock { is_other: true, ..HostClock::new(Duration::ZERO) };
        clock.set(-i64::try_from(by.as_micros()).unwrap());
        clock
    }

    /// Somebody sets the clock on the wall, so much ahead of what it was at first.
    pub(super) fn set(&self, ahead_us: i64) {
        self.set_us.store(ahead_us, Ordering::SeqCst);
    }

    fn later_us(&self) -> i64 {
        i64::try_from(self.later.as_micros()).unwrap()
    }
}

impl Clock for HostClock {
    fn now(&self) -> Micros {
        Micros(self.clock.now().0 + self.later_us() + self.set_us.load(Ordering::SeqCst))
    }

    fn host(&self) -> HostInstant {
        let host = self.clock.host();
        let micros = host.micros + self.later_us().unsigned_abs();
        HostInstant { epoch: host.epoch ^ u128::from(self.is_other), micros }
    }
}

/// See the module. Everything stops when it is dropped.
pub(super) struct Supervised {
    pub(super) sqlite: Sqlite,
    pub(super) board: StatusBoard,
    pub(super) supervisor: Arc<Supervisor>,
    pub(super) limits: LimitBoard,
    pub(super) clock: HostClock,
    /// Another run each time.
    pub(super) node: Node,
    vault: Arc<Vault>,
    stop: DropGuard,
    running: JoinHandle<()>,
}

impl Supervised {
    /// A house without routers.
    pub(super) async fn start() -> Supervised {
        let vault = Arc::new(Vault::ephemeral());
        Supervised::with(
            Sqlite::open_in_memory().unwrap(),
            vault,
            Duration::ZERO,
            Duration::from_millis(1_200),
        )
    }

    /// The same, where nobody looks for long what became of a session that was ended.
    pub(super) async fn hasty() -> Supervised {
        let vault = Arc::new(Vault::ephemeral());
        Supervised::with(Sqlite::open_in_memory().unwrap(), vault, Duration::ZERO, Duration::ZERO)
    }

    fn with(sqlite: Sqlite, vault: Arc<Vault>, later: Duration, look_for: Duration) -> Supervised {
        let board = StatusBoard::new();
        let clock = HostClock::new(later);
        let look_every = Duration::from_millis(100);
        let pace = Pace { look_every, look_for, ..Pace::default() };
        let default_interval = Duration::from_secs(3600);
        let config = SupervisorConfig { default_interval, pace, ..SupervisorConfig::default() };
        let (limits, node) = (config.limits.clone(), config.node.clone());
        let store = Arc::new(sqlite.clone());
        let supervisor =
            Supervisor::new(store, board.clone(), Arc::new(clock.clone()), vault.clone(), config);
        let stop = CancellationToken::new();
        let running = tokio::spawn(supervisor.clone().run(stop.clone()));
        Supervised { sqlite, board, supervisor, limits, clock, node, vault, stop: stop.drop_guard(), running }
    }

    /// Stops as the program does, and starts anew on the same store.
    pub(super) async fn restart(self) -> Supervised {
        self.restart_later(Duration::ZERO).await
    }

    /// The same, and by its clock so much later.
    pub(super) async fn restart_later(self, later: Duration) -> Supervised {
        let Supervised { sqlite, vault, stop, running, .. } = self;
        drop(stop);
        running.await.unwrap();
        Supervised::with(sqlite, vault, later, Duration::from_millis(1_200))
    }

    /// Serves a world on wall time and polls it.
    pub(super) async fn router(
        &self,
        name: &str,
        mut world: World,
        password: &str,
        interval_ms: u32,
    ) -> SimRouter {
        world.advance(Duration::from_secs(1_000));
        let sim = SimRouter::start(world, Options { time: TimeMode::Wall }).await.unwrap();
        self.add(name, sim.addr(), password, Some(interval_ms)).await;
        sim
    }

    /// As [`Self::router`], with the right password and coverage begun long enough ago.
    pub(super) async fn covered_router(&self, name: &str, world: World, interval_ms: u32) -> SimRouter {
        let sim = self.router(name, world, Device::DEFAULT_PASSWORD, interval_ms).await;
        self.when(name, |status| status.rounds_total > 0).await;
        sim.with_world(|world| world.advance(Duration::from_secs(10)));
        // The router's time ran ahead of ours: a round sees that before anybody dials in.
        self.read(name).await.unwrap();
        sim
    }

    /// Enters a router and has it polled.
    pub(super) async fn add(
        &self,
        name: &str,
        addr: SocketAddr,
        password: &str,
        interval_ms: Option<u32>,
    ) -> NasId {
        self.add_with(name, addr, password, interval_ms, TlsMode::Off).await
    }

    /// As [`Self::add`], reached with that much protection.
    pub(super) async fn add_with(
        &self,
        name: &str,
        addr: SocketAddr,
        password: &str,
        interval_ms: Option<u32>,
        tls: TlsMode,
    ) -> NasId {
        let mut nas = NewNas {
            uuid: uuid::Uuid::new_v4(),
            name: name.to_owned(),
            host: addr.ip().to_string(),
            port: addr.port(),
            tls,
            fingerprint: None,
            username: Device::DEFAULT_USER.to_owned(),
            password: SealedPassword(Vec::new()),
            link_speed_bps: Some(1_000_000_000),
            interval_ms,
            group: None,
            enabled: true,
            origin: NasOrigin::Api,
        };
        nas.password = self.vault.seal(&SecretString::from(password), PasswordPlace::of(&nas));
        let id = self.sqlite.insert_nas(nas, act("router.add")).await.unwrap();
        self.supervisor.reload().await;
        id
    }

    pub(super) async fn set_password(&self, name: &str, password: &str) {
        let nas = self.sqlite.nas_by_name(name).await.unwrap().unwrap();
        let sealed = self.vault.seal(&SecretString::from(password), PasswordPlace::of(&nas.config));
        self.edit(name, NasPatch { password: Some(sealed), ..NasPatch::default() }).await;
    }

    /// Gives a router another address, and its password for it.
    pub(super) async fn move_to(&self, name: &str, addr: SocketAddr, password: &str) {
        let mut config = self.sqlite.nas_by_name(name).await.unwrap().unwrap().config;
        (config.host, config.port) = (addr.ip().to_string(), addr.port());
        let sealed = self.vault.seal(&SecretString::from(password), PasswordPlace::of(&config));
        let patch = NasPatch { host: Some(config.host), port: Some(config.port), ..NasPatch::default() };
        self.edit(name, NasPatch { password: Some(sealed), ..patch }).await;
    }

    pub(super) async fn set_enabled(&self, name: &str, enabled: bool) {
        self.edit(name, NasPatch { enabled: Some(enabled), ..NasPatch::default() }).await;
    }

    pub(super) async fn edit(&self, name: &str, patch: NasPatch) {
        self.sqlite.update_nas(self.id(name).await, patch, act("router.edit")).await.unwrap();
        self.supervisor.reload().await;
    }

    pub(super) async fn id(&self, name: &str) -> NasId {
        self.sqlite.nas_by_name(name).await.unwrap().unwrap().id
    }

    pub(super) async fn when(&self, name: &str, wanted: impl FnMut(&RouterStatus) -> bool) -> RouterStatus {
        until_shown(&self.board, self.id(name).await, wanted).await
    }

    pub(super) async fn read(&self, name: &str) -> Result<ReadNow, RouterCommandError> {
        self.supervisor.read_now(self.id(name).await).await
    }
}
