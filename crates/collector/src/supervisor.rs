//! Runs one poller, one actor and one control connection per enabled router, restarts what is reconfigured, and
//! answers commands to routers.

mod reloads;
mod running;
mod security;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use accounting::table::Table;
use async_trait::async_trait;
use operations::{
    Check, Clock, CounterLook, Phase, ReadNow, RouterCommandError, RouterCommands, RouterStatus, StatusBoard,
    Vault, VaultError,
};
use store::{Nas, NasId, NasOrigin, Store};
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::actor::{ActorDependencies, Turns};
use crate::checkup::{Entry, check_up_entry};
use crate::devices::Devices;
use crate::enrolment;
use crate::link::Target;
use crate::link::security::Authorities;
use crate::poller::{ReadRequest, not_written};
use reloads::Reloads;
use running::{Running, Start};
use security::Securities;

/// Whoever asks for a reading is answered within this time, whatever the router does (DESIGN rule 11).
const READ_NOW_WITHIN: Duration = Duration::from_secs(5);

/// Rows of snapshots that are brought into the store at once.
const ROWS_AT_ONCE: u32 = 20_000;

/// Settings of all routers together.
#[derive(Clone, Debug)]
pub struct SupervisorConfig {
    /// Time between two polls of a router that has none of its own.
    pub default_interval: Duration,
    /// Memory for a router's waiting snapshots; beyond it the router pauses (DESIGN rule 13).
    pub waiting_bytes_per_router: usize,
    /// Who signs the certificates of verified routers; the system's authorities when `None`.
    pub authorities: Option<Authorities>,
}

impl Default for SupervisorConfig {
    fn default() -> Self {
        SupervisorConfig {
            default_interval: Duration::from_secs(300),
            waiting_bytes_per_router: 64 << 20,
            authorities: None,
        }
    }
}

/// See the module.
pub struct Supervisor {
    store: Arc<dyn Store>,
    board: StatusBoard,
    clock: Arc<dyn Clock>,
    vault: Arc<Vault>,
    config: SupervisorConfig,
    devices: Arc<Devices>,
    securities: Securities,
    turns: Turns,
    running: Mutex<HashMap<NasId, Running>>,
    reloads: Reloads,
}

impl Supervisor {
    /// An idle supervisor; [`Self::run`] starts the routers.
    pub fn new(
        store: Arc<dyn Store>,
        board: StatusBoard,
        clock: Arc<dyn Clock>,
        vault: Arc<Vault>,
        config: SupervisorConfig,
    ) -> Arc<Self> {
        Arc::new(Supervisor {
            devices: Arc::new(Devices::new(store.clone())),
            securities: Securities::new(store.clone(), clock.clone(), config.authorities.clone()),
            store,
            board,
            clock,
            vault,
            config,
            turns: Turns::new(ROWS_AT_ONCE),
            running: Mutex::default(),
            reloads: Reloads::new(),
        })
    }

    /// Polls all enabled routers until `stop`; then stops polling, commits what was read and returns.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut told = self.reloads.told();
        self.reloads.done(Some(0));
        loop {
            let fitted = *told.borrow_and_update();
            let retry = self.fit_to_registry().await;
            self.reloads.done(Some(fitted));
            tokio::select! {
                _ = told.changed() => {}
                () = tokio::time::sleep(retry) => {}
                () = stop.cancelled() => break,
            }
        }
        self.reloads.done(None);
        let all: Vec<Running> = self.running.lock().await.drain().map(|(_, running)| running).collect();
        for router in &all {
            router.stop_polling();
        }
        for router in all {
            router.finish().await;
        }
    }

    /// Starts, stops and restarts routers until they fit the registry. Returns when to look again: soon when the
    /// registry could not be read, else seldom.
    async fn fit_to_registry(&self) -> Duration {
        let wanted = match self.store.list_nas().await {
            Ok(wanted) => wanted,
            Err(error) => {
                tracing::error!(%error, "the list of routers could not be read; polling goes on as it was");
                return Duration::from_secs(5);
            }
        };
        let mut running = self.running.lock().await;
        let reached_as_before = self.stop_unwanted(&mut running, &wanted).await;
        self.devices.registry_changed();
        for nas in wanted {
            if !is_polled(&nas) {
                self.show(nas.id, Phase::Disabled, nas.paused_reason);
            } else if !running.contains_key(&nas.id) {
                let reached_as_before = reached_as_before.contains(&nas.id);
                self.start(&mut running, nas, reached_as_before).await;
            }
        }
        Duration::from_secs(3600)
    }

    /// Stops those that are not wanted as they run; answers which of them another connection would reach as before.
    async fn stop_unwanted(&self, running: &mut HashMap<NasId, Running>, wanted: &[Nas]) -> HashSet<NasId> {
        let fits = |id: &NasId, router: &Running| {
            wanted.iter().any(|nas| nas.id == *id && is_polled(nas) && router.fits(&nas.config))
        };
        let gone: Vec<NasId> =
            running.iter().filter(|(id, router)| !fits(id, router)).map(|(id, _)| *id).collect();
        let mut reached_as_before = HashSet::new();
        for id in gone {
            if let Some(router) = running.remove(&id) {
                let reaches = |nas: &Nas| nas.id == id && router.is_reached_as(&nas.config);
                reached_as_before.extend(wanted.iter().any(reaches).then_some(id));
                router.finish().await;
            }
            self.devices.release(id).await;
            if !wanted.iter().any(|nas| nas.id == id) {
                self.board.remove(id);
            }
        }
        reached_as_before
    }

    /// Starts a router. What the board says of it stays only where it is reached as it was when that was said.
    async fn start(&self, running: &mut HashMap<NasId, Running>, nas: Nas, reached_as_before: bool) {
        let password = match self.vault.password_of(&nas) {
            Ok(password) => password,
            Err(error) => return self.show(nas.id, Phase::PasswordLost, Some(password_lost(&nas, &error))),
        };
        let security = match self.securities.of(&nas).await {
            Ok(security) => security,
            Err(error) => return self.show(nas.id, Phase::Insecure, Some(error.to_string())),
        };
        let start = Start {
            interval: nas
                .config
                .interval_ms
                .map_or(self.config.default_interval, |ms| Duration::from_millis(u64::from(ms))),
            waiting_bytes: self.config.waiting_bytes_per_router,
            devices: self.devices.clone(),
            board: self.board.clone(),
            clock: self.clock.clone(),
            actor: ActorDependencies { repository: self.store.clone(), turns: self.turns.clone() },
        };
        if !reached_as_before {
            self.show(nas.id, Phase::Waiting, None);
        }
        running.insert(nas.id, Running::start(nas, password, security, start));
    }

    /// Where a router is, for a login beside the polling one.
    async fn target_of(&self, nas: &Nas) -> Result<Target, RouterCommandError> {
        let refused = |error: String| RouterCommandError::Refused(error);
        let password = self.vault.password_of(nas).map_err(|error| refused(password_lost(nas, &error)))?;
        let security = self.securities.of(nas).await.map_err(|error| refused(error.to_string()))?;
        let config = &nas.config;
        Ok(Target { security, ..Target::new(&config.host, config.port, &config.username, password) })
    }

    fn show(&self, nas: NasId, phase: Phase, message: Option<String>) {
        let now = self.clock.now();
        self.board.update(nas, now, |status| status.enter(phase, message, now));
    }

    /// Why nobody polls a router: as its status has it, where that says more than that it is switched off.
    fn why_not_polled(&self, nas: NasId) -> RouterCommandError {
        match self.board.get(nas) {
            Some(RouterStatus { phase, message: Some(message), .. }) if phase.is_trouble() => {
                RouterCommandError::Refused(message)
            }
            _ => RouterCommandError::NotPolled,
        }
    }
}

/// What mends it differs: what a person entered is entered again, what the configuration file says is read again.
fn password_lost(nas: &Nas, error: &VaultError) -> String {
    let name = &nas.config.name;
    let mend = match nas.config.origin {
        NasOrigin::Api => format!("tikmeter router edit {name} --password-file FILE"),
        NasOrigin::File => "start the server again with the router in its configuration file".to_owned(),
    };
    format!("The router is not read, because {error}. To set it again: {mend}")
}

fn is_polled(nas: &Nas) -> bool {
    nas.config.enabled && nas.paused_reason.is_none()
}

#[async_trait]
impl RouterCommands for Supervisor {
    async fn read_now(&self, nas: NasId) -> Result<ReadNow, RouterCommandError> {
        let deadline = Instant::now() + READ_NOW_WITHIN;
        loop {
            let (ask, mut asked) = ReadRequest::new();
            let inbox = {
                let running = self.running.lock().await;
                let router = running.get(&nas).ok_or_else(|| self.why_not_polled(nas))?;
                router.ask(ask)?;
                router.inbox().clone()
            };
            match tokio::time::timeout_at(deadline, asked.answer()).await {
                Ok(Some(result)) => return result,
                // Its poller has ended. One whose entry was edited has another a moment later.
                Ok(None) => {}
                Err(_) if asked.was_read() => return Err(not_written(&inbox.trouble())),
                Err(_) => return Err(RouterCommandError::TimedOut),
            }
        }
    }

    async fn check_up(&self, nas: Nas) -> Result<Vec<Check>, RouterCommandError> {
        let entry = Entry { devices: &self.devices, nas: nas.id };
        Ok(check_up_entry(&self.target_of(&nas).await?, self.clock.now(), Some(entry)).await)
    }

    async fn look_at_counters(
        &self,
        nas: Nas,
        counters: Vec<(Table, Vec<u8>)>,
    ) -> Result<Vec<CounterLook>, RouterCommandError> {
        let target = self.target_of(&nas).await?;
        let enrolled = self.store.asked_counters(nas.id).await;
        let enrolled = enrolled.map_err(|error| RouterCommandError::StoreStalled(error.to_string()))?;
        match tokio::time::timeout(READ_NOW_WITHIN, enrolment::look(&target, &counters, &enrolled)).await {
            Ok(looked) => looked.map_err(|error| RouterCommandError::Unreachable(error.to_string())),
            Err(_) => Err(RouterCommandError::TimedOut),
        }
    }

    async fn reload(&self) {
        self.reloads.tell().await;
    }
}
