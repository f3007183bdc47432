//! `tikmeter demo`: from nothing to live totals in seconds, on simulated routers.

mod isp;
mod welcome;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use operations::{
    Clock as _, KeyPlace, MonitorSettings, Operations, RouterAddresses, SystemClock, random_password,
};
use secrecy::SecretString;
use server::{LogBoard, Proxies};
use store::{PostgresOptions, Role};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::cli::usage::{self, Usage};
use crate::client::Client;
use crate::config::{BackupSettings, DatabaseUrl, NodeSettings, PortalSettings};
use crate::daemon::{Daemon, Plan};
use crate::failure::Failure;
use crate::output::Terminal;
use crate::simulation::Fleet;
use crate::{data_folder, logs, signals};

use isp::Town;
use welcome::Welcome;

/// Where the demo listens when nobody else does.
const USUAL_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8081);
/// The same of the portal. It is on loopback wherever the API is: its one guest is this machine.
const USUAL_PORTAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
/// How often it looks whether there are totals.
const GLANCE: Duration = Duration::from_millis(200);
/// How many logins are shown.
const TOP: usize = 5;

/// How it runs.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// Address of the API and the page [default: 127.0.0.1:8081, or any free port when that one is taken]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Milliseconds between two readings of a router
    #[arg(long, value_name = "MS", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(200..=60_000))]
    interval_ms: u64,
    /// End by itself after so many seconds
    #[arg(long, value_name = "SECS")]
    duration: Option<u64>,
}

/// The database's folder: a given one, or one that goes with the demo.
enum Folder {
    Given(PathBuf),
    Passing(TempDir),
}

impl DemoArgs {
    /// Runs it until a signal or `--duration` ends it.
    ///
    /// # Errors
    /// When something cannot be started.
    pub(crate) async fn run(&self, terminal: &Terminal, data: Option<&Path>) -> Result<(), Failure> {
        let logs = logs::start("warn")?;
        let stop = CancellationToken::new();
        signals::cancel_on_stop(&stop)?;
        self.duration.iter().for_each(|seconds| end_after(*seconds, &stop));
        let folder = Folder::open(data)?;
        let daemon = self.open(&folder, logs).await?;
        let ended = self.live(terminal, &folder, daemon, &stop).await;
        folder.close()?;
        ended
    }

    async fn open(&self, folder: &Folder, logs: LogBoard) -> Result<Daemon, Failure> {
        let plan = Plan {
            listen: self.listen().await,
            listen_anywhere: false,
            proxies: Proxies::default(),
            https: None,
            portal: Some(self.portal().await),
            zone: TimeZone::UTC,
            data: folder.path().to_owned(),
            key: KeyPlace::File(data_folder::key_file(folder.path())),
            database: DatabaseUrl::Sqlite(data_folder::database_file(folder.path())),
            node: NodeSettings::alone(),
            readers: PostgresOptions::default().readers,
            statement_timeout: PostgresOptions::default().statement_timeout,
            interval: Duration::from_millis(self.interval_ms),
            allowed_addresses: RouterAddresses::default(),
            events: None,
            monitor: MonitorSettings::default(),
            detail_months: None,
            authorities: None,
            profiles: None,
            backup: BackupSettings::none(&data_folder::backups(folder.path())),
            logs,
            simulated: true,
            new_database: true,
            new_key: true,
            admin_token: None,
        };
        Daemon::open(plan).await
    }

    async fn listen(&self) -> SocketAddr {
        match self.listen {
            Some(listen) => listen,
            None => usual_or_free(USUAL_LISTEN).await,
        }
    }

    async fn portal(&self) -> PortalSettings {
        // Whoever asks for any free port of the API is one of many: they would take the usual one of the portal from each other.
        let elsewhere = [0, USUAL_PORTAL.port()];
        let taken = self.listen.is_some_and(|listen| elsewhere.contains(&listen.port()));
        let listen = if taken { free(USUAL_PORTAL) } else { usual_or_free(USUAL_PORTAL).await };
        PortalSettings { listen, is_named: false, certificate: None }
    }

    /// Everything between opening and closing; `stop` is cancelled when it returns, and all has ended.
    async fn live(
        &self,
        terminal: &Terminal,
        folder: &Folder,
        daemon: Daemon,
        stop: &CancellationToken,
    ) -> Result<(), Failure> {
        let (address, token) = (daemon.address(), daemon.local_token().ok_or_else(broken)?.clone());
        let portal = daemon.portal_url().as_deref().map(isp::hand_over);
        let client = Client::of(address, token.clone())?;
        let (fleet, towns) = towns().await?;
        let password = sign_in(daemon.operations()).await?;
        let welcome = self.welcome(folder, address, portal, (&token, password.as_ref()), &towns);
        isp::enter(daemon.operations(), &towns).await?;
        let running = tokio::spawn(daemon.run(stop.clone()));
        // The routers go last: lost connections at a clean end would look like trouble.
        let all_read = CancellationToken::new();
        let routers = tokio::spawn(fleet.run(all_read.clone()));
        let shown = stop.run_until_cancelled(show(terminal, &welcome, &client)).await.unwrap_or(Ok(()));
        if shown.is_ok() {
            stop.cancelled().await;
        }
        stop.cancel();
        let running = running.await;
        all_read.cancel();
        let routers = routers.await;
        shown.and(running.unwrap_or_else(|_| Err(broken()))).and(routers.map_err(|_| broken()))
    }

    fn welcome<'a>(
        &self,
        folder: &'a Folder,
        address: SocketAddr,
        portal: Option<String>,
        (token, password): (&'a SecretString, Option<&'a SecretString>),
        towns: &[Town],
    ) -> Welcome<'a> {
        Welcome {
            address,
            portal,
            token,
            password,
            data: folder.path(),
            removed: matches!(folder, Folder::Passing(_)),
            people: isp::people(),
            interval_ms: self.interval_ms,
            example: towns.iter().flat_map(|town| &town.subscribers).next().cloned().unwrap_or_default(),
            program: std::env::args().next().unwrap_or_else(|| "tikmeter".to_owned()),
        }
    }
}

/// Lets whoever tries it sign in as `demo`; the password, where this run made it.
async fn sign_in(operations: &Operations) -> Result<Option<SecretString>, Failure> {
    if !operations.list_operators().await.map_err(Failure::from_display)?.is_empty() {
        return Ok(None);
    }
    let password = random_password();
    let made = operations.create_operator("demo", "demo", Role::Admin, password.clone(), Vec::new()).await;
    made.map_err(Failure::from_display)?;
    Ok(Some(password))
}

async fn towns() -> Result<(Fleet, Vec<Town>), Failure> {
    let plans = isp::routers();
    let started = Fleet::start(&plans).await;
    let fleet =
        started.map_err(|error| Failure::said(format!("no simulated router could be started: {error}")))?;
    let places = fleet.addresses().into_iter().zip(fleet.easy_logins(isp::SUBSCRIBERS));
    let towns = plans.into_iter().zip(places).map(|(plan, (address, subscribers))| Town {
        plan,
        address,
        subscribers,
    });
    let towns = towns.collect();
    Ok((fleet, towns))
}

/// Says what there is, then the first totals once they exist: a folder used again holds those of its last run.
async fn show(terminal: &Terminal, welcome: &Welcome<'_>, client: &Client) -> Result<(), Failure> {
    terminal.line(&if terminal.json() { welcome.json() } else { welcome.text() })?;
    let begun =
        jiff::Timestamp::from_microsecond(SystemClock::new().now().0).map_err(Failure::from_display)?;
    loop {
        let answer = client.get(&["usage"], &[("by", Some("router,username"))]).await?;
        let usage: Usage = answer.read()?;
        if !usage::has_octets_since(&usage, begun) {
            tokio::time::sleep(GLANCE).await;
        } else if terminal.json() {
            let mut told: serde_json::Value = answer.read()?;
            told["simulated"] = true.into();
            return Ok(terminal.line(&told.to_string())?);
        } else {
            let top = usage::top(&usage, TOP);
            return Ok(
                terminal.line(&format!("\nThe first totals (simulated); the {TOP} who used most:\n{top}"))?
            );
        }
    }
}

async fn usual_or_free(usual: SocketAddr) -> SocketAddr {
    if is_taken(usual).await { free(usual) } else { usual }
}

/// Any free port beside it.
fn free(usual: SocketAddr) -> SocketAddr {
    (usual.ip(), 0).into()
}

async fn is_taken(address: SocketAddr) -> bool {
    TcpListener::bind(address).await.is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
}

fn end_after(seconds: u64, stop: &CancellationToken) {
    let stop = stop.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        stop.cancel();
    });
}

fn broken() -> Failure {
    Failure::said("the demo broke; the log above says where. Please report it")
}

impl Folder {
    fn open(data: Option<&Path>) -> Result<Self, Failure> {
        match data {
            Some(data) => {
                data_folder::prepare(data)?;
                Ok(Folder::Given(data.to_owned()))
            }
            None => tempfile::Builder::new().prefix("tikmeter-demo-").tempdir().map(Folder::Passing).map_err(
                |error| {
                    Failure::said(format!("no temporary folder could be made: {error}; give one by --data"))
                },
            ),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Folder::Given(path) => path,
            Folder::Passing(folder) => folder.path(),
        }
    }

    fn close(self) -> Result<(), Failure> {
        let Folder::Passing(folder) = self else { return Ok(()) };
        let path = folder.path().to_owned();
        folder
            .close()
            .map_err(|error| Failure::said(format!("{} could not be removed: {error}", path.display())))
    }
}
