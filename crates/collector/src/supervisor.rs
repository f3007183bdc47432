//! Runs one poller, one actor and one control connection per enabled router, restarts what is reconfigured, and
//! answers commands to routers.

mod keeper;
mod reloads;
mod running;
mod security;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accounting::table::Table;
use async_trait::async_trait;
use operations::{
    Check, Clock, CounterLook, Phase, ReadNow, RouterCommandError, RouterCommands, RouterStatus, StatusBoard,
    Vault, VaultError,
};
use store::{Lease, Nas, NasId, NasOrigin, Node, NodeRole, Store};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::actor::{ActorDependencies, Turns};
use crate::checkup::{Entry, check_up_entry};
use crate::devices::Devices;
use crate::enrolment;
use crate::link::Target;
use crate::link::security::Authorities;
use crate::poller::{ReadRequest, not_written};
use keeper::{Keeper, Standing};
use reloads::Reloads;
use running::{Running, Start, log_panic};
use security::Securities;

/// Whoever asks for a reading is answered within this time, whatever the router does (DESIGN rule 11).
const READ_NOW_WITHIN: Duration = Duration::from_secs(5);

/// When something that failed is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Rows of snapshots that are brought into the store at once.
const ROWS_AT_ONCE: u32 = 20_000;

/// Settings of all routers together.
#[derive(Clone, Debug)]
pub struct SupervisorConfig {
    /// This process among those that share the database.
    pub node: Node,
    /// After so long without a sign of life its routers are another's.
    pub term: Duration,
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
            node: Node::new("alone", NodeRole::All),
            term: Duration::from_secs(15),
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
    registry: Mutex<Registry>,
    reloads: Reloads,
    leads: AtomicBool,
}

/// The routers as they were listed last.
#[derive(Default)]
struct Registry {
    /// Of the list; `None`: there is none.
    version: Option<u64>,
    routers: Vec<Nas>,
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
            registry: Mutex::default(),
            leads: AtomicBool::new(false),
            reloads: Reloads::new(),
        })
    }

    /// Polls the enabled routers that are this process' own until `stop`; then stops polling, commits what was read, lets
    /// others have them and returns.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let keeper =
            Keeper::new(self.store.clone(), self.config.node.clone(), self.config.term, self.reloads.told());
        let mut standing = keeper.standing();
        self.reloads.done(Some(0));
        let keeping = tokio::spawn(keeper.run(stop.clone()));
        let mut retry = None;
        loop {
            tokio::select! {
                changed = standing.changed() => if changed.is_err() { break },
                () = tokio::time::sleep(retry.unwrap_or_default()), if retry.is_some() => {}
                () = stop.cancelled() => break,
            }
            let now = standing.borrow_and_update().clone();
            self.leads.store(now.leases.leads, Ordering::Relaxed);
            retry = self.fit(&now).await;
            self.reloads.done(Some(now.told));
        }
        log_panic(keeping.await);
        self.reloads.done(None);
        self.stop_all().await;
        if let Err(error) = self.store.leave(self.config.node.clone()).await {
            tracing::warn!(%error, "other processes wait for this one's term to end before they take its routers");
        }
    }

    /// Whether what one process does for all that share the database is this one's.
    pub fn leads(&self) -> bool {
        self.leads.load(Ordering::Relaxed)
    }

    async fn stop_all(&self) {
        let all = self.running.lock().await.drain().map(|(_, running)| running).collect();
        finish_all(all).await;
    }

    /// Starts, stops and restarts routers until they are those that are ours, as they are configured. Returns when to try
    /// again, if something could not be done.
    async fn fit(&self, standing: &Standing) -> Option<Duration> {
        let mut registry = self.registry.lock().await;
        let changed = registry.version != Some(standing.leases.nas_version);
        if changed {
            match self.store.list_nas().await {
                Ok(routers) => *registry = Registry { version: Some(standing.leases.nas_version), routers },
                Err(error) => {
                    tracing::error!(%error, "the list of routers could not be read; polling goes on as it was");
                    return Some(AGAIN);
                }
            }
        }
        let kept = standing.leases.held.len() - standing.leases.surplus.min(standing.leases.held.len());
        let (ours, surplus) = standing.leases.held.split_at(kept);
        let ours: HashMap<NasId, Lease> = ours.iter().map(|lease| (lease.nas, *lease)).collect();
        let mut running = self.running.lock().await;
        let reached_as_before = self.stop_unwanted(&mut running, &registry.routers, &ours).await;
        if changed {
            self.devices.registry_changed();
        }
        for nas in &registry.routers {
            if !is_polled(nas) {
                self.show(nas.id, Phase::Disabled, nas.paused_reason.clone());
            } else if let (Some(lease), false) = (ours.get(&nas.id), running.contains_key(&nas.id)) {
                let reached_as_before = reached_as_before.contains(&nas.id);
                self.start(&mut running, (*lease, nas.clone()), reached_as_before).await;
            }
        }
        self.hand_over(surplus).await
    }

    /// Lets others have what is polled no longer.
    async fn hand_over(&self, surplus: &[Lease]) -> Option<Duration> {
        if surplus.is_empty() {
            return None;
        }
        let routers = surplus.iter().map(|lease| lease.nas).collect();
        let handed = self.store.hand_over(self.config.node.clone(), routers).await;
        handed.err().map(|error| {
            tracing::warn!(%error, "routers that are another's share could not be handed over yet");
            AGAIN
        })
    }

    /// Stops those that are not wanted as they run; answers which of them another connection would reach as before.
    async fn stop_unwanted(
        &self,
        running: &mut HashMap<NasId, Running>,
        routers: &[Nas],
        ours: &HashMap<NasId, Lease>,
    ) -> HashSet<NasId> {
        let wanted: HashMap<NasId, &Nas> = routers.iter().map(|nas| (nas.id, nas)).collect();
        let fits = |id: &NasId, router: &Running| match (wanted.get(id), ours.get(id)) {
            (Some(nas), Some(lease)) => is_polled(nas) && router.fits(*lease, &nas.config),
            _ => false,
        };
        let gone: Vec<NasId> =
            running.iter().filter(|(id, router)| !fits(id, router)).map(|(id, _)| *id).collect();
        let mut reached_as_before = HashSet::new();
        let mut stopped = Vec::new();
        for id in &gone {
            if let Some(router) = running.remove(id) {
                let reaches = wanted.get(id).is_some_and(|nas| router.is_reached_as(&nas.config));
                reached_as_before.extend(reaches.then_some(*id));
                stopped.push(router);
            }
        }
        finish_all(stopped).await;
        for id in gone {
            self.devices.release(id).await;
            if !wanted.contains_key(&id) || !ours.contains_key(&id) {
                self.board.remove(id);
            }
        }
        reached_as_before
    }

    /// Starts a router. What the board says of it stays only where it is reached as it was when that was said.
    async fn start(
        &self,
        running: &mut HashMap<NasId, Running>,
        (lease, nas): (Lease, Nas),
        reached_as_before: bool,
    ) {
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
        running.insert(nas.id, Running::start((lease, nas), password, security, start));
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
            Some(RouterStatus { node: Some(node), .. }) => RouterCommandError::Refused(format!(
                "the process {node} polls the router, and this one cannot ask it; ask there"
            )),
            Some(RouterStatus { phase, message: Some(message), .. }) if phase.is_trouble() => {
                RouterCommandError::Refused(message)
            }
            _ => RouterCommandError::NotPolled,
        }
    }
}

/// All at once: one that waits for its router or for the store keeps none of the others.
async fn finish_all(routers: Vec<Running>) {
    let mut finishing: JoinSet<()> = routers.into_iter().map(Running::finish).collect();
    while let Some(finished) = finishing.join_next().await {
        log_panic(finished);
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
