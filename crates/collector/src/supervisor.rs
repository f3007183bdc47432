//! Runs one poller, one actor and one control connection per enabled router, restarts what is reconfigured, and
//! answers commands to routers.

mod running;
mod security;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use accounting::table::Table;
use async_trait::async_trait;
use operations::{
    Check, Clock, CounterLook, Phase, ReadNow, RouterCommandError, RouterCommands, RouterStatus, StatusBoard,
    Vault, VaultError,
};
use store::{Nas, NasId, NasOrigin, Store};
use tokio::sync::{Mutex, Notify};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::actor::{ActorDependencies, Turns};
use crate::checkup::{Entry, check_up_entry};
use crate::devices::Devices;
use crate::enrolment;
use crate::link::Target;
use crate::link::security::Authorities;
use crate::poller::{ReadRequest, not_written};
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
    wake: Notify,
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
            wake: Notify::new(),
        })
    }

    /// Polls all enabled routers until `stop`; then stops polling, commits what was read and returns.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        loop {
            let retry = self.fit_to_registry().await;
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(retry) => {}
                () = stop.cancelled() => break,
            }
        }
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
        self.stop_unwanted(&mut running, &wanted).await;
        self.devices.registry_changed();
        for nas in wanted {
            if is_polled(&nas) {
                self.start(&mut running, nas).await;
            } else {
                self.show_disabled(&nas);
            }
        }
        Duration::from_secs(3600)
    }

    async fn stop_unwanted(&self, running: &mut HashMap<NasId, Running>, wanted: &[Nas]) {
        let fits = |id: &NasId, router: &Running| {
            wanted.iter().any(|nas| nas.id == *id && is_polled(nas) && router.fits(&nas.config))
        };
        let gone: Vec<NasId> =
            running.iter().filter(|(id, router)| !fits(id, router)).map(|(id, _)| *id).collect();
        for id in gone {
            if let Some(router) = running.remove(&id) {
                router.finish().await;
            }
            self.devices.release(id).await;
            if !wanted.iter().any(|nas| nas.id == id) {
                self.board.remove(id);
            }
        }
    }

    async fn start(&self, running: &mut HashMap<NasId, Running>, nas: Nas) {
        if running.contains_key(&nas.id) {
            return;
        }
        let password = match self.vault.password_of(&nas) {
            Ok(password) => password,
            Err(error) => return self.show(nas.id, Phase::PasswordLost, password_lost(&nas, &error)),
        };
        let security = match self.securities.of(&nas).await {
            Ok(security) => security,
            Err(error) => return self.show(nas.id, Phase::Insecure, error.to_string()),
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

    fn show(&self, nas: NasId, phase: Phase, message: String) {
        let now = self.clock.now();
        self.board.update(nas, now, |status| status.enter(phase, Some(message), now));
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

    fn show_disabled(&self, nas: &Nas) {
        let now = self.clock.now();
        let reason = nas.paused_reason.clone();
        self.board.update(nas.id, now, |status| status.enter(Phase::Disabled, reason, now));
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
        self.wake.notify_one();
    }
}
