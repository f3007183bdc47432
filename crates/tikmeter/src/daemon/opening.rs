//! Putting the parts together. The database comes first: whoever has it is the one server of this installation.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use collector::supervisor::{Supervisor, SupervisorConfig};
use operations::{
    Backups, House, LiveBoard, LocalToken, Monitors, Operations, Passwords, ProcessToken, StatusBoard,
    SystemClock, Vault,
};
use secrecy::{ExposeSecret, SecretString};
use server::{Publisher, ServerState, TrafficPublisher};
use store::{Node, NodeRole, Postgres, PostgresOptions, Sqlite, Store, StoreError};
use tokio::net::TcpListener;

use super::commands::{self, Between};
use super::https::Https;
use super::lost_files::{left_by_older_start, lost_tables, refuse_lost_database, vault};
use super::plan::Plan;
use super::portal::Portal;
use super::profiles::ProfileFile;
use super::url_file::UrlFile;
use super::{alike, backups, events, keys, listening};
use crate::config::{DatabaseUrl, may_listen};
use crate::failure::Failure;
use crate::{data_folder, open_files};

/// A Tikmeter that is ready to run.
pub(crate) struct Daemon {
    pub(super) operations: Arc<Operations>,
    pub(super) detail_months: Option<u16>,
    pub(super) backups: Backups,
    pub(super) supervisor: Arc<Supervisor>,
    pub(super) profiles: Option<ProfileFile>,
    pub(super) state: ServerState,
    pub(super) publisher: Option<Publisher>,
    pub(super) traffic: Option<TrafficPublisher>,
    pub(super) between: Between,
    pub(super) listener: TcpListener,
    pub(super) https: Option<Https>,
    pub(super) portal: Option<Portal>,
    address: SocketAddr,
    /// None where nobody is answered.
    local_token: Option<SecretString>,
    simulated: bool,
    /// Goes when the daemon has stopped.
    _url_file: Option<UrlFile>,
}

impl Daemon {
    /// Opens everything; nothing runs yet.
    ///
    /// # Errors
    /// One sentence for the first part that cannot be opened.
    pub(crate) async fn open(plan: Plan) -> Result<Daemon, Failure> {
        may_listen(plan.listen, plan.listen_anywhere).map_err(Failure::usage)?;
        let connections = open_files::allow_many();
        data_folder::prepare(&plan.data)?;
        let store = open_store(&plan).await?;
        let simulated = settle_simulated(&*store, plan.simulated).await?;
        let vault = vault(&*store, &plan.key, plan.new_key).await?;
        let settings = alike::settings(&plan.zone, plan.detail_months, plan.events.is_some(), &vault);
        let node = Node { settings, ..Node::new(&plan.node.name, plan.node.role) };
        alike::refuse_unlike(&*store, &node).await?;
        let (operations, supervisor, between) = assemble(store, vault, &plan, node);
        keys::settle(&operations).await;
        let (traffic, traffic_board) = events::traffic(&operations, plan.events.as_ref()).unzip();
        let (publisher, board) = events::begin(&operations, &supervisor, plan.events).unzip();
        let answers = plan.node.role != NodeRole::Collector;
        let local_token = match answers {
            true => Some(local_token(&operations, &data_folder::token_file(&plan.data)).await?),
            false => None,
        };
        let backups = backups::of(&plan.backup, &plan.database)?;
        let listener = listening::bind(plan.listen, "--listen").await?;
        let https = match plan.https {
            Some(settings) => Some(Https::open(settings).await?),
            None => None,
        };
        let portal = Portal::open(plan.portal, &operations).await?;
        let address = listener.local_addr().map_err(|error| Failure::said(format!("no address: {error}")))?;
        let state = ServerState::new(operations.clone(), simulated)
            .keeping(plan.detail_months)
            .taking(connections)
            .behind(plan.proxies)
            .with_logs(plan.logs)
            .with_backups(backups.clone())
            .with_portal(portal.as_ref().map(Portal::counts))
            .in_house(House::new(Some(plan.data.clone()), portal.as_ref().map(Portal::port)))
            .telling(board)
            .telling_traffic(traffic_board)
            .between(between.uses.clone());
        let profiles = plan.profiles.filter(|_| answers).map(ProfileFile::new);
        let state = match &profiles {
            Some(profiles) => state.with_profiles(profiles.board().clone()),
            None => state,
        };
        let state = if answers { state } else { state.for_machines() };
        let url_file = answers.then(|| UrlFile::write(&plan.data, address)).flatten();
        Ok(Daemon {
            operations,
            detail_months: plan.detail_months,
            backups,
            supervisor,
            profiles,
            state,
            publisher,
            traffic,
            between,
            listener,
            https,
            portal,
            address,
            local_token,
            simulated,
            _url_file: url_file,
        })
    }

    /// What can be done with it, also before it runs.
    pub(crate) fn operations(&self) -> &Arc<Operations> {
        &self.operations
    }

    /// Where the API listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the API is over TLS, if it is served so.
    pub(crate) fn https_url(&self) -> Option<String> {
        self.https.as_ref().map(Https::url)
    }

    /// Where the portal is, if it is served.
    pub(crate) fn portal_url(&self) -> Option<String> {
        self.portal.as_ref().map(Portal::url)
    }

    /// The admin token for commands on this machine, unless it only polls and answers nobody.
    pub(crate) fn local_token(&self) -> Option<&SecretString> {
        self.local_token.as_ref()
    }

    /// Where the first operator is made, once and within a day; `None` where there is one, or where this process only polls.
    ///
    /// # Errors
    /// When the database does not keep its key.
    pub(crate) async fn setup_link(&self) -> Result<Option<String>, Failure> {
        if self.local_token.is_none() {
            return Ok(None);
        }
        let key = self.operations.setup_key().await.map_err(Failure::from_display)?;
        let url = self.https_url().unwrap_or_else(|| format!("http://{}", self.address));
        Ok(key.map(|key| format!("{url}/admin/setup#{}", key.expose_secret())))
    }

    /// Whether the database holds simulated data.
    pub(crate) fn is_simulated(&self) -> bool {
        self.simulated
    }
}

pub(super) async fn open_store(plan: &Plan) -> Result<Arc<dyn Store>, Failure> {
    let left = left_by_older_start(&plan.data).filter(|_| !plan.new_database);
    let options = PostgresOptions {
        node: plan.node.name.clone(),
        readers: plan.readers,
        statement_timeout: plan.statement_timeout,
    };
    match plan.database.clone() {
        DatabaseUrl::Sqlite(file) => {
            refuse_lost_database(&file, left.as_deref())?;
            Ok(Arc::new(opened(&plan.database, move || Sqlite::open(&file)).await?))
        }
        DatabaseUrl::Postgres(url) => match left {
            None => Ok(Arc::new(opened(&plan.database, move || Postgres::open_as(&url, &options)).await?)),
            Some(left) => {
                let existing =
                    opened(&plan.database, move || Postgres::open_existing(&url, &options)).await?;
                Ok(Arc::new(existing.ok_or_else(|| lost_tables(&plan.database, &left))?))
            }
        },
    }
}

/// Opening may copy and change a whole database, so it has a thread of its own.
async fn opened<T: Send + 'static>(
    database: &DatabaseUrl,
    open: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(open).await {
        Ok(opened) => opened.map_err(|error| Failure::said(format!("{}: {error}", database.shown()))),
        Err(error) => {
            Err(Failure::said(format!("opening {} broke ({error}); please report it", database.shown())))
        }
    }
}

/// Marks the database as simulated when it is to be, else tells whether it is.
async fn settle_simulated(store: &dyn Store, wanted: bool) -> Result<bool, Failure> {
    let settled = if wanted { store.mark_simulated().await } else { Ok(()) };
    settled.map_err(Failure::from_display)?;
    Ok(store.installation().await.map_err(Failure::from_display)?.simulated)
}

pub(super) fn assemble(
    store: Arc<dyn Store>,
    vault: Arc<Vault>,
    plan: &Plan,
    node: Node,
) -> (Arc<Operations>, Arc<Supervisor>, Between) {
    let (board, clock) = (StatusBoard::new(), Arc::new(SystemClock::new()));
    let live = LiveBoard::default();
    let config = SupervisorConfig {
        node: node.clone(),
        term: plan.node.term,
        default_interval: plan.interval,
        authorities: plan.authorities.clone(),
        allowed: plan.allowed_addresses.clone(),
        live: live.clone(),
        ..SupervisorConfig::default()
    };
    let (talkers, limits) = (config.talkers.clone(), config.limits.clone());
    let supervisor = Supervisor::new(store.clone(), board.clone(), clock.clone(), vault.clone(), config);
    let process_token = plan.admin_token.as_ref().map(|token| ProcessToken::new(token.expose_secret()));
    let redis = plan.events.as_ref().map(|events| events.redis.clone());
    let (commands, between) = commands::of(&supervisor, &store, &node, redis.clone());
    let zone = plan.zone.clone();
    let operations = Operations {
        store,
        commands,
        board,
        talkers,
        limits,
        monitors: Monitors::new(plan.monitor, live),
        clock,
        zone,
        vault,
        addresses: plan.allowed_addresses.clone(),
        passwords: Passwords::default(),
        process_token,
        node,
        local_token: LocalToken::default(),
        reach: store::Reach::Everywhere,
        maker: String::new(),
    };
    let operations = Arc::new(operations);
    let between = between.watching(&operations, redis);
    (operations, supervisor, between)
}

async fn local_token(operations: &Operations, file: &Path) -> Result<SecretString, Failure> {
    operations.ensure_local_token(file).await.map_err(Failure::from_display)?;
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|error| Failure::said(format!("{} cannot be read: {error}", file.display())))?;
    Ok(text.trim().to_owned().into())
}
