//! Runs one poller, one actor and one control connection per enabled router, restarts what is reconfigured, and
//! answers commands to routers.

mod addresses;
mod at_it;
mod commands;
mod ending;
mod fitting;
mod holding;
mod keeper;
mod leaving;
mod limit_sessions;
mod limiting;
mod planning;
mod reloads;
mod running;
mod security;
mod vouchers;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use operations::{
    Clock, LimitBoard, LiveBoard, RouterAddresses, StatusBoard, TalkerBoard, Vault, VaultError, VoucherBoard,
};
use store::{LimitSessions, Nas, NasId, NasOrigin, Node, NodeRole, Store};
use tokio::sync::{Mutex, watch};
use tokio_util::sync::CancellationToken;

use crate::actor::Turns;
use crate::checkup::address::Testing;
use crate::devices::Devices;
use crate::disconnect::Pace;
use crate::link::security::Authorities;
use crate::tenure::Tenures;
use at_it::AtIt;
use keeper::{Keeper, Standing};
use leaving::Leaving;
use operations::Marks;
use reloads::Reloads;
use running::{Running, finish_all, log_panic};
use security::Securities;

/// Rows of snapshots that are brought into the store at once.
const ROWS_AT_ONCE: u32 = 20_000;

/// A database that does not answer keeps nobody from leaving for longer.
const LEAVE_WITHIN: Duration = Duration::from_secs(5);

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
    /// Where routers may be.
    pub allowed: RouterAddresses,
    /// Who is to be watched now, and what comes of it.
    pub live: LiveBoard,
    /// Where it is said what readings say of rates.
    pub talkers: TalkerBoard,
    /// Where it is said how limits stand.
    pub limits: LimitBoard,
    /// Where it is said how devices of vouchers stand.
    pub vouchers: VoucherBoard,
    /// How long ending a session may take.
    pub pace: Pace,
}

impl Default for SupervisorConfig {
    fn default() -> Self {
        SupervisorConfig {
            node: Node::new("alone", NodeRole::All),
            term: Duration::from_secs(15),
            default_interval: Duration::from_secs(300),
            waiting_bytes_per_router: 64 << 20,
            authorities: None,
            allowed: RouterAddresses::default(),
            live: LiveBoard::default(),
            talkers: TalkerBoard::default(),
            limits: LimitBoard::default(),
            vouchers: VoucherBoard::default(),
            pace: Pace::default(),
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
    at_it: AtIt,
    testing: Testing,
    /// The same for those who are being kept out or let in again, by the names of their holds.
    at_holds: AtIt,
    /// Held from a look at what is wanted until routers were told of it, so that none is told of what was wanted before; counted.
    telling_limits: Mutex<Telling>,
    /// The same for vouchers.
    telling_vouchers: Mutex<u64>,
    /// Routers whose devices are being taken off for good.
    vouchers_leave: Leaving,
    /// The same of queues, which go after the devices.
    limits_leave: Leaving,
    standing: watch::Sender<Standing>,
    tenures: Tenures,
}

/// What routers were told of limits.
#[derive(Default)]
struct Telling {
    /// The number of the last time.
    told: u64,
    /// Sessions that limits of routers end with.
    sessions: HashMap<NasId, Arc<[LimitSessions]>>,
}

/// The routers as they were listed last.
#[derive(Default)]
struct Registry {
    /// Of the list; `None`: there is none.
    version: Option<u64>,
    routers: Vec<Nas>,
    /// Of queues of this installation.
    mark: Marks,
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
            standing: watch::Sender::default(),
            tenures: Tenures::default(),
            reloads: Reloads::new(),
            at_it: AtIt::default(),
            testing: Testing::default(),
            at_holds: AtIt::default(),
            telling_limits: Mutex::default(),
            telling_vouchers: Mutex::default(),
            vouchers_leave: Leaving::default(),
            limits_leave: Leaving::default(),
        })
    }

    /// Polls the enabled routers that are this process' own until `stop`; then stops polling, commits what was read, lets
    /// others have them and returns.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let (node, term) = (self.config.node.clone(), self.config.term);
        let (told, turns) = (self.reloads.told(), self.turns.clone());
        let says = (self.standing.clone(), self.tenures.clone());
        let keeper = Keeper::new(self.store.clone(), node, term, told, says, turns);
        let mut standing = self.standing.subscribe();
        self.reloads.done(Some(0));
        let stopped = CancellationToken::new();
        let keeping = tokio::spawn(keeper.run(stopped.clone()));
        let limiting = tokio::spawn(self.clone().keep_telling_limits(stop.child_token()));
        let admitting = tokio::spawn(self.clone().keep_telling_vouchers(stop.child_token()));
        let holding = tokio::spawn(self.clone().keep_ending_holds(stop.child_token()));
        let mut retry = None;
        loop {
            tokio::select! {
                changed = standing.changed() => if changed.is_err() { break },
                () = tokio::time::sleep(retry.unwrap_or_default()), if retry.is_some() => {}
                () = stop.cancelled() => break,
            }
            let now = standing.borrow_and_update().clone();
            retry = self.fit(&now).await;
            self.reloads.done(Some(now.told));
        }
        self.reloads.done(None);
        // It is said to be there until the last snapshot is committed, which others would make impossible.
        self.stop_all().await;
        stopped.cancel();
        log_panic(keeping.await);
        limiting.abort();
        admitting.abort();
        holding.abort();
        self.leave().await;
    }

    async fn leave(&self) {
        let leaving = tokio::time::timeout(LEAVE_WITHIN, self.store.leave(self.config.node.clone()));
        if !matches!(leaving.await, Ok(Ok(()))) {
            tracing::warn!(
                "other processes take this one's routers when its term has passed: it could not say that it leaves"
            );
        }
    }

    /// Whether what one process does for all that share the database is this one's.
    pub fn leads(&self) -> bool {
        self.standing.borrow().leases.leads
    }

    async fn stop_all(&self) {
        let all = self.running.lock().await.drain().map(|(_, running)| running).collect();
        finish_all(all).await;
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
