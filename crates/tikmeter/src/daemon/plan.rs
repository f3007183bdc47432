//! What a daemon runs by, however it is started.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use collector::link::security::Authorities;
use jiff::tz::TimeZone;
use operations::{KeyPlace, MonitorSettings, RouterAddresses};
use secrecy::SecretString;
use server::{EventsSettings, LogBoard, Proxies};

use crate::config::{BackupSettings, DatabaseUrl, HttpsSettings, NodeSettings, PortalSettings};

/// What a daemon runs by.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Where the API listens.
    pub(crate) listen: SocketAddr,
    /// Whether other machines may reach it there.
    pub(crate) listen_anywhere: bool,
    /// Proxies that may say for whom they speak.
    pub(crate) proxies: Proxies,
    /// The API over TLS, beside plain HTTP; `None`: it is not served so.
    pub(crate) https: Option<HttpsSettings>,
    /// How devices at hotspots reach the portal; `None`: it is not served.
    pub(crate) portal: Option<PortalSettings>,
    /// The zone of days that neither a subscriber nor their router has one for.
    pub(crate) zone: TimeZone,
    /// Folder of the local token and, unless it is handed over, the key; made when lacking.
    pub(crate) data: PathBuf,
    /// Where the key to the routers' passwords is.
    pub(crate) key: KeyPlace,
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
    /// Who signs the certificates of verified routers; the system's authorities when `None`.
    pub(crate) authorities: Option<Authorities>,
    /// The file of profiles that gives plans.
    pub(crate) profiles: Option<PathBuf>,
    /// How backups are made.
    pub(crate) backup: BackupSettings,
    /// The latest lines of the log.
    pub(crate) logs: LogBoard,
    /// The routers are simulated: the database is marked so, for good.
    pub(crate) simulated: bool,
    /// An empty database may be made although the rest of the folder is there.
    pub(crate) new_database: bool,
    /// A new key may be made although passwords are sealed with the one that is missing.
    pub(crate) new_key: bool,
    /// An admin token that is accepted while the process runs, never stored.
    pub(crate) admin_token: Option<SecretString>,
}
