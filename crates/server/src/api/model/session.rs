//! Sessions: one connection each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::name::Name;
use super::time::Time;

/// One connection of a login.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Its number within the router.
    pub no: u64,
    /// The router.
    pub router: String,
    /// The login as the router gave it.
    pub username: Name,
    /// What carried it.
    pub service: String,
    /// Acct-Session-Id as the router prints a session-id (routeros.md §2.3); null when it gave none.
    #[schema(examples("0x81100000"))]
    pub acct_session_id: Option<String>,
    /// MAC or address of the caller.
    pub calling_station_id: Name,
    /// The address it was given.
    pub framed_address: Option<Name>,
    /// Whether it runs.
    pub state: SessionState,
    /// When it began, by the uptime the router gave; null when that uptime was impossible.
    pub started_at: Option<Time>,
    /// The last instant it is known alive, once it ended.
    pub ended_at: Option<Time>,
    /// Octets the router received from the subscriber.
    pub upload_octets: u64,
    /// Octets the router sent to the subscriber.
    pub download_octets: u64,
    /// Username of the subscriber bound to the login.
    pub subscriber: Option<String>,
}

/// In which order sessions come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionOrder {
    /// The ones seen first latest first; where `q` or `service` is given, those that began latest first.
    #[default]
    FirstSeen,
    /// By the login, bytewise.
    Username,
    /// By the address that was given, bytewise as routers write it.
    FramedAddress,
    /// By the caller's MAC or address, bytewise.
    CallingStationId,
    /// By when they began.
    StartedAt,
    /// By the octets the router sent to the subscriber.
    DownloadOctets,
    /// By the octets the router received from the subscriber.
    UploadOctets,
    /// By the router's name.
    Router,
}

/// Whether a session runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// The router shows it.
    Open,
    /// The last reading did not show it; not counted as open.
    Missing,
    /// It is over.
    Ended,
}
