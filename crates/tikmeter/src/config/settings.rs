//! The configuration judged: every value of its type.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use collector::link::security::Authorities;
use jiff::tz::TimeZone;
use operations::{MonitorSettings, RouterAddresses};
use server::{EventsSettings, Proxies};

use crate::config::backup::BackupSettings;
use crate::config::database::DatabaseUrl;
use crate::config::exposure::exposure;
use crate::config::https::HttpsSettings;
use crate::config::listen::{self, may_listen};
use crate::config::loaded::Loaded;
use crate::config::node::{self, NodeSettings};
use crate::config::portal::PortalSettings;
use crate::config::problem::{Problem, Problems};
use crate::config::router::{RouterSettings, interval, router};
use crate::data_folder;

/// Longest time that detail can be kept without being kept for ever, months.
const MOST_MONTHS: u16 = 1_200;

/// What the server runs by.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where the API listens.
    pub(crate) listen: SocketAddr,
    /// Whether other machines may reach it there, over plain HTTP.
    pub(crate) listen_anywhere: bool,
    /// Proxies that may say for whom they speak.
    pub(crate) proxies: Proxies,
    /// The API over TLS, beside plain HTTP; `None`: it is not served so.
    pub(crate) https: Option<HttpsSettings>,
    /// How devices at hotspots reach the portal; `None`: it is not served.
    pub(crate) portal: Option<PortalSettings>,
    /// The zone of days that neither a subscriber nor their router has one for.
    pub(crate) zone: TimeZone,
    /// Folder of the token, the key and, unless told otherwise, the database.
    pub(crate) data: PathBuf,
    /// The database.
    pub(crate) database: DatabaseUrl,
    /// This process among those that share it.
    pub(crate) node: NodeSettings,
    /// Connections to a PostgreSQL database that only read.
    pub(crate) readers: usize,
    /// How long a statement may take there; zero: for ever.
    pub(crate) statement_timeout: Duration,
    /// How other programs are told of what happens; `None`: nobody is.
    pub(crate) events: Option<EventsSettings>,
    /// Who can be watched live, how many, and for how long without a reader.
    pub(crate) monitor: MonitorSettings,
    /// Time between two polls of a router that has none of its own.
    pub(crate) interval: Duration,
    /// Where routers may be.
    pub(crate) allowed_addresses: RouterAddresses,
    /// For how many months 15-minute entries are kept; `None`: for ever.
    pub(crate) detail_months: Option<u16>,
    /// Who signs the certificates of routers with `tls = "verified"`; the system's authorities without it.
    pub(crate) authorities: Option<Authorities>,
    /// The file they come from.
    pub(crate) ca_file: Option<PathBuf>,
    /// The file of profiles that gives plans.
    pub(crate) profiles: Option<PathBuf>,
    /// How backups are made.
    pub(crate) backup: BackupSettings,
    /// Routers of the configuration, by name.
    pub(crate) routers: Vec<RouterSettings>,
}

impl Settings {
    /// What is no error but should be said of the address and of files that hold secrets.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let exposed = (!listen::is_own(self.listen)).then(|| {
            format!(
                "{} can be reached from other machines over plain HTTP: tokens and figures cross the network in clear.",
                self.listen
            )
        });
        let keys = self.keys().filter_map(|(file, what)| exposure(&file, what));
        let routers = self.routers.iter().filter_map(RouterSettings::exposure);
        exposed.into_iter().chain(keys).chain(routers).collect()
    }

    /// The files of keys, and what they are.
    fn keys(&self) -> impl Iterator<Item = (PathBuf, &'static str)> {
        let vault = (data_folder::key_file(&self.data), "the key to the routers' passwords");
        let certificate = self.portal.as_ref().and_then(|portal| portal.certificate.as_ref());
        let portal = certificate.map(|(_, key)| (key.clone(), "the key of the portal's certificate"));
        let https = self.https.as_ref().map(|https| &https.certificate);
        let https = https.map(|(_, key)| (key.clone(), "the key of the certificate for HTTPS"));
        let backup = self.backup.passphrase_file.clone().map(|file| (file, "the passphrase of backups"));
        [vault].into_iter().chain(portal).chain(https).chain(backup)
    }

    /// Looks into the password files too.
    ///
    /// # Errors
    /// All files that give no password.
    pub(crate) fn with_readable_passwords(self) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        for router in &self.routers {
            let read = router.password.read().map_err(|text| Problem::new(&router.origin, text));
            problems.note(read);
        }
        problems.or(self)
    }
}

impl Loaded {
    /// Judges every value.
    ///
    /// # Errors
    /// All problems at once.
    pub(crate) fn settings(&self) -> Result<Settings, Problems> {
        let mut problems = Problems::default();
        let anywhere = problems.note(self.parsed("server.listen_anywhere", yes_or_no));
        let listen = problems.note(self.listen(anywhere));
        let proxies = problems.note(self.parsed("server.trusted_proxies", Proxies::parse));
        let zone = problems.note(self.parsed("server.zone", zone));
        let data = problems.note(self.parsed("server.data", |text| Ok(PathBuf::from(text))));
        let database = problems.note(self.parsed("database.url", DatabaseUrl::parse));
        let node = problems.note(self.node(database.as_ref()));
        let readers = problems.note(self.parsed("database.readers", node::readers));
        let statement_timeout =
            problems.note(self.parsed("database.statement_timeout", node::statement_timeout));
        let https = problems.note(self.https());
        let portal = problems.note(self.portal(listen, node.as_ref()));
        let events = problems.note(self.events());
        let monitor = problems.note(self.monitor());
        let interval = problems.note(self.parsed("polling.interval", interval));
        let allowed_addresses =
            problems.note(self.parsed("polling.allowed_addresses", RouterAddresses::parse));
        let detail_months = problems.note(self.parsed("retention.detail_months", months));
        let authorities = problems.note(self.authorities());
        let backup = problems.note(self.backup());
        let routers =
            self.routers.iter().filter_map(|(name, entries)| router(name, entries, &mut problems)).collect();
        let file = |key: &str| self.get(key).map(|entry| PathBuf::from(&entry.text));
        let (ca_file, profiles) = (file("tls.ca_file"), file("vouchers.profiles"));
        // One that is not there is among the problems.
        let settings = || {
            Some(Settings {
                listen: listen?,
                listen_anywhere: anywhere?,
                proxies: proxies?,
                https: https?,
                portal: portal?,
                zone: zone?,
                data: data?,
                database: database?,
                node: node?,
                readers: readers?,
                statement_timeout: statement_timeout?,
                events: events?,
                monitor: monitor?,
                interval: interval?,
                allowed_addresses: allowed_addresses?,
                detail_months: detail_months?,
                authorities: authorities?,
                ca_file,
                profiles,
                backup: backup?,
                routers,
            })
        };
        match settings() {
            Some(settings) => problems.or(settings),
            None => Err(problems),
        }
    }

    /// Where to listen; `anywhere` is `None` when that value is a mistake of its own.
    fn listen(&self, anywhere: Option<bool>) -> Result<SocketAddr, Problem> {
        self.parsed("server.listen", |text| {
            let address = listen::address(text)?;
            may_listen(address, anywhere.unwrap_or(true)).map(|()| address)
        })
    }

    /// `database` is `None` when that value is a mistake of its own.
    fn node(&self, database: Option<&DatabaseUrl>) -> Result<NodeSettings, Problem> {
        let node = NodeSettings {
            name: self.parsed("node.name", node::name)?,
            role: self.parsed("node.role", node::role)?,
            term: self.parsed("node.term", node::term)?,
        };
        let complaint = database.and_then(|database| node.complaint(database, !self.routers.is_empty()));
        let origin = self.get("node.role").map_or("configuration", |entry| entry.origin.as_str());
        complaint.map_or(Ok(node), |complaint| Err(Problem::new(origin, complaint)))
    }

    fn authorities(&self) -> Result<Option<Authorities>, Problem> {
        let Some(entry) = self.get("tls.ca_file") else { return Ok(None) };
        Authorities::of_file(entry.text.as_ref())
            .map(Some)
            .map_err(|error| Problem::new(&entry.origin, format!("`tls.ca_file`: {error}")))
    }

    pub(super) fn parsed<T>(
        &self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Problem> {
        let Some(entry) = self.get(key) else {
            return Err(Problem::new("configuration", format!("`{key}` has no value")));
        };
        parse(&entry.text).map_err(|text| Problem::new(&entry.origin, format!("`{key}`: {text}")))
    }
}

fn zone(name: &str) -> Result<TimeZone, String> {
    operations::zone(name).map_err(|error| error.to_string())
}

/// 0 stands for ever.
fn months(text: &str) -> Result<Option<u16>, String> {
    let months = text.parse::<u16>().ok().filter(|months| *months <= MOST_MONTHS);
    let months = months.ok_or_else(|| {
        format!("`{}` is no number of months from 1 to {MOST_MONTHS}, nor 0 for ever", text.escape_debug())
    })?;
    Ok((months > 0).then_some(months))
}

/// `true` or `false`.
pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("`{}` is neither true nor false", text.escape_debug()))
}
