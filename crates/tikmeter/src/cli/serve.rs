//! `tikmeter serve`: read the routers and answer over the API, until told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use operations::KeyPlace;
use secrecy::SecretString;
use serde_json::json;
use server::LogBoard;
use tokio::signal::unix::Signal;
use tokio_util::sync::CancellationToken;

use crate::config::{Layer, Settings, Surroundings, load};
use crate::daemon::{Daemon, FileRouters, Plan};
use crate::failure::Failure;
use crate::output::Terminal;
use crate::{data_folder, logs, signals};

/// A token that may do everything while the process runs. No flag: a list of processes would show it.
const ADMIN_TOKEN: &str = "TIKMETER_ADMIN_TOKEN";
/// A shorter one could be guessed by whoever can ask often enough.
const SHORTEST_TOKEN: usize = 20;

/// How it runs. Everything else is in the configuration.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ServeArgs {
    /// Address of the API and the page [env: TIKMETER_LISTEN] [default: 127.0.0.1:8081]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Listen on addresses that other machines can reach, although plain HTTP can be read on its way [env:
    /// TIKMETER_LISTEN_ANYWHERE]
    #[arg(long)]
    listen_anywhere: bool,
    /// What this process does on a database that it shares with others: `all`, `collector` or `api` [env:
    /// TIKMETER_NODE_ROLE] [default: all]
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The configuration file [default: ./tikmeter.toml, else /etc/tikmeter/tikmeter.toml]
    #[arg(long = "config", env = "TIKMETER_CONFIG", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Begin with an empty database, although the folder shows that there was one
    #[arg(long)]
    new_database: bool,
    /// Make a new key, although passwords of routers are sealed with the one that is missing; they must be set again
    #[arg(long)]
    new_key: bool,
}

impl ServeArgs {
    /// Serves until a signal ends it. `flags` are those of the whole command line that are keys too.
    ///
    /// # Errors
    /// When the configuration is wrong, or something cannot be started or breaks.
    pub(crate) async fn run(self, terminal: &Terminal, flags: Layer) -> Result<(), Failure> {
        let logs = logs::start("info")?;
        let source = Source { args: self, flags, logs };
        let settings = source.settings().map_err(|text| {
            Failure::said(format!("the configuration is wrong, so the server does not start: {text}"))
        })?;
        let stop = CancellationToken::new();
        signals::cancel_on_stop(&stop)?;
        let hangups = signals::hangups()?;
        let daemon = Daemon::open(source.plan(&settings)?).await?;
        let routers = FileRouters::of(&daemon);
        routers.adopt(&settings.routers, false).await?;
        announce(terminal, &daemon, &settings)?;
        offer_setup(terminal, &daemon).await;
        let rereading = tokio::spawn(source.reread(hangups, settings, routers, stop.clone()));
        let ended = daemon.run(stop).await;
        let reread = rereading.await;
        ended.and(reread.map_err(|error| Failure::said(format!("reading the configuration broke: {error}"))))
    }
}

/// What a server would run by that was started with this configuration, for who does without one.
///
/// # Errors
/// When the configuration is wrong.
pub(crate) fn plan_of(file: Option<PathBuf>, flags: Layer) -> Result<Plan, Failure> {
    let source =
        Source { args: ServeArgs { file, ..ServeArgs::default() }, flags, logs: LogBoard::default() };
    let settings =
        source.settings().map_err(|text| Failure::said(format!("the configuration is wrong: {text}")))?;
    source.plan(&settings)
}

/// Where the settings come from.
struct Source {
    args: ServeArgs,
    flags: Layer,
    logs: LogBoard,
}

impl Source {
    /// The settings as they are now.
    fn settings(&self) -> Result<Settings, String> {
        let mut flags = self.flags.clone();
        if let Some(listen) = self.args.listen {
            flags.set("server", "listen", &listen.to_string(), "--listen");
        }
        if self.args.listen_anywhere {
            flags.set("server", "listen_anywhere", "true", "--listen-anywhere");
        }
        if let Some(role) = &self.args.role {
            flags.set("node", "role", role, "--role");
        }
        let loaded = load(&Surroundings::of_process(), self.args.file.as_deref(), flags);
        let loaded = loaded.map_err(|problems| problems.to_string())?;
        let settings = loaded.settings();
        for warning in loaded.warnings.into_iter().chain(settings.iter().flat_map(Settings::warnings)) {
            tracing::warn!("{warning}");
        }
        settings.and_then(Settings::with_readable_passwords).map_err(|problems| problems.to_string())
    }

    fn plan(&self, settings: &Settings) -> Result<Plan, Failure> {
        Ok(Plan {
            listen: settings.listen,
            listen_anywhere: settings.listen_anywhere,
            proxies: settings.proxies.clone(),
            https: settings.https.clone(),
            portal: settings.portal.clone(),
            zone: settings.zone.clone(),
            data: settings.data.clone(),
            key: KeyPlace::of(
                Surroundings::of_process().credentials(),
                data_folder::key_file(&settings.data),
            ),
            database: settings.database.clone(),
            node: settings.node.clone(),
            readers: settings.readers,
            statement_timeout: settings.statement_timeout,
            events: settings.events.clone(),
            monitor: settings.monitor,
            interval: settings.interval,
            allowed_addresses: settings.allowed_addresses.clone(),
            detail_months: settings.detail_months,
            authorities: settings.authorities.clone(),
            profiles: settings.profiles.clone(),
            backup: settings.backup.clone(),
            logs: self.logs.clone(),
            simulated: false,
            new_database: self.args.new_database,
            new_key: self.args.new_key,
            admin_token: admin_token()?,
        })
    }

    /// Reads the configuration again at each SIGHUP. A broken one changes nothing.
    async fn reread(
        self,
        mut hangups: Signal,
        at_start: Settings,
        routers: FileRouters,
        stop: CancellationToken,
    ) {
        let source = Arc::new(self);
        while stop.run_until_cancelled(hangups.recv()).await.flatten().is_some() {
            // A password may be in a pipe or on a disk that does not answer, and nobody else waits for it.
            let reading = source.clone();
            let reading = tokio::task::spawn_blocking(move || reading.settings());
            let Some(read) = stop.run_until_cancelled(reading).await else { return };
            let adopted = match read.map_err(|broken| broken.to_string()).flatten() {
                Ok(settings) => {
                    warn_of_restart(&at_start, &settings);
                    routers.adopt(&settings.routers, true).await.map_err(|failure| failure.to_string())
                }
                Err(text) => Err(text),
            };
            match adopted {
                Ok(()) => tracing::info!("the configuration was read again"),
                Err(text) => tracing::error!("the configuration is wrong, and nothing was changed: {text}"),
            }
        }
    }
}

/// The token of the environment, if there is one.
fn admin_token() -> Result<Option<SecretString>, Failure> {
    let given = std::env::var(ADMIN_TOKEN).ok().filter(|token| !token.is_empty());
    match given {
        Some(token) if token.chars().count() < SHORTEST_TOKEN => Err(Failure::said(format!(
            "{ADMIN_TOKEN} has fewer than {SHORTEST_TOKEN} characters and could be guessed, so the server does not start; \
             make one with: openssl rand -hex 24"
        ))),
        given => Ok(given.map(Into::into)),
    }
}

fn warn_of_restart(at_start: &Settings, now: &Settings) {
    let changed = [
        ("server.listen", at_start.listen != now.listen),
        ("server.trusted_proxies", at_start.proxies != now.proxies),
        ("https", at_start.https != now.https),
        ("portal", at_start.portal != now.portal),
        ("server.zone", at_start.zone != now.zone),
        ("server.data", at_start.data != now.data),
        ("database.url", at_start.database != now.database),
        ("database.readers", at_start.readers != now.readers),
        ("database.statement_timeout", at_start.statement_timeout != now.statement_timeout),
        ("node", at_start.node != now.node),
        ("redis", at_start.events != now.events),
        ("monitor", at_start.monitor != now.monitor),
        ("vouchers.profiles", at_start.profiles != now.profiles),
        ("tls.ca_file", at_start.ca_file != now.ca_file),
        ("retention.detail_months", at_start.detail_months != now.detail_months),
        ("backup", at_start.backup != now.backup),
        ("polling.allowed_addresses", at_start.allowed_addresses != now.allowed_addresses),
        ("polling.interval", at_start.interval != now.interval),
    ];
    for (key, _) in changed.iter().filter(|(_, changed)| *changed) {
        tracing::warn!(
            "{key} changed in the configuration; it takes effect when the server is started again"
        );
    }
}

/// Says where it is. A database of a demo is never served as if it were real.
fn announce(terminal: &Terminal, daemon: &Daemon, settings: &Settings) -> Result<(), Failure> {
    let (address, simulated) = (daemon.address(), daemon.is_simulated());
    let token_file = daemon.local_token().map(|_| data_folder::token_file(&settings.data));
    if simulated {
        tracing::warn!(
            database = %settings.database.shown(),
            "this database holds simulated data of a demo, and every answer says so; give another --data for real routers"
        );
    }
    if let Some(url) = daemon.https_url() {
        tracing::info!(url, "serving over TLS");
    }
    if let Some(url) = daemon.portal_url() {
        tracing::info!(url, "serving the portal");
    }
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
    let text = if terminal.json() {
        let portal = daemon.portal_url();
        let url = format!("http://{address}");
        let https = daemon.https_url();
        json!({ "url": url, "https": https, "token_file": token_file, "simulated": simulated, "portal": portal }).to_string()
    } else {
        let note = if simulated { " SIMULATED data." } else { "" };
        match token_file {
            Some(file) => {
                format!("Tikmeter serves http://{address}/ (admin token in {}).{note}", file.display())
            }
            None => format!(
                "Tikmeter polls routers as {}; how it does is at http://{address}/readyz and /metrics.{note}",
                settings.node.name
            ),
        }
    };
    Ok(terminal.line(&text)?)
}

/// Says where the first operator is made, while there is none. The link is a key: it goes to the terminal (or the service's
/// journal), and into no log that the API shows. A full disk keeps no key, and keeps nothing else from running.
async fn offer_setup(terminal: &Terminal, daemon: &Daemon) {
    match daemon.setup_link().await {
        Ok(None) => {}
        Ok(Some(link)) => terminal.remark(&format!(
            "Nobody can sign in yet. Make the first admin within 24 hours at {link} (or: tikmeter operator create NAME --role \
             admin)"
        )),
        Err(failure) => tracing::warn!(%failure, "no link could be made with which the first operator signs in"),
    }
}
