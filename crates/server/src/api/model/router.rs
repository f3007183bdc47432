//! Routers: what is configured, and how reading them goes.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::count::Count;
use super::double_option;
use super::time::Time;

/// A router and how it stands. The password is never part of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Router {
    /// Its name, unique.
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// TCP port of its API service.
    pub port: u16,
    /// TLS mode: `off`, `pinned` or `verified`.
    pub tls: String,
    /// SHA-256 of the certificate a pinned router must show, 64 hex digits; null: the first one it shows is remembered.
    pub fingerprint: Option<String>,
    /// The user we log in as.
    pub username: String,
    /// Speed of its uplink, bits per second: bounds what can have passed unseen. Null: unbounded.
    pub link_speed_bps: Option<u64>,
    /// Time between two readings, milliseconds; null: the installation's.
    pub interval_ms: Option<u32>,
    /// The IANA zone of the days of subscribers whose login is bound to it; null: the installation's.
    pub zone: Option<String>,
    /// The group of routers it is in: logins may be somebody's in a group, and operators and tokens may be bound to groups.
    pub group: Option<String>,
    /// False: not read.
    pub enabled: bool,
    /// Where it is configured.
    pub origin: RouterOrigin,
    /// How it stands, one word.
    #[schema(examples("online", "unreachable"))]
    pub state: String,
    /// The process that reads it, where another one than this shares the database and does; what it told last is shown.
    pub polled_by: Option<String>,
    /// What is wrong and what to do next, in a sentence.
    pub message: Option<String>,
    /// Since when it stands so; null when nobody looked yet.
    pub since: Option<Time>,
    /// RouterOS version.
    pub version: Option<String>,
    /// What to know of a version that is none of those known here, in a sentence; null of one that is, or was not told.
    pub version_warning: Option<String>,
    /// Its identity, as configured on the router.
    pub identity: Option<String>,
    /// Serial number or licence id.
    pub device: Option<String>,
    /// When it was read last, by this process or one before it.
    pub last_read_at: Option<Time>,
    /// Sessions open at that reading; null when it was never read.
    pub sessions_open: Option<u64>,
    /// Its entries that are held back, in no total until somebody decides (`/api/v1/held`).
    pub held_entries: u64,
    /// The last committed reading of this process.
    pub last_round: Option<LastRound>,
    /// PPP sessions that the router's numbering shows to have existed and that nothing else showed.
    pub unseen_sessions: u64,
    /// Why sessions too short for any reading are not noticed at the moment; null while the router is listened to,
    /// or is not read at all.
    pub not_listening_because: Option<String>,
    /// Sessions heard and forgotten by this process, because too many ended between two readings.
    pub heard_dropped: u64,
    /// What it is asked for those who are watched live.
    pub watching: Watching,
    /// Readings committed by this process.
    pub rounds_total: u64,
    /// Failures in this process, all kinds together.
    pub errors: u64,
}

/// What a router is asked for those who are watched live.
#[derive(Debug, Serialize, ToSchema)]
pub struct Watching {
    /// Commands sent to it for them within a minute.
    pub commands_last_minute: u64,
    /// Whether a stream of samples runs; there is one for all of them.
    pub streams: bool,
    /// How busy its processors were, in percent, when it was asked last; null when nobody is watched.
    #[schema(required)]
    pub cpu_load_percent: Option<u64>,
    /// It is asked less often, because its processors are busy.
    pub slowed: bool,
}

/// Where a router is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RouterOrigin {
    /// Added by a person: can be changed here.
    Api,
    /// From the configuration file: read-only here.
    File,
}

/// One reading of a router.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastRound {
    /// When its last counter had arrived.
    pub at: Time,
    /// Counter rows.
    pub rows: u64,
    /// Rows left out because they lacked a value or showed an impossible one: unknown, not 0.
    pub rows_unreadable: u64,
    /// Interfaces whose session the router's list did not show: whose octets they are is not known yet.
    pub rows_unpaired: u64,
    /// Sessions without any counter: what they move is not counted.
    pub sessions_without_counter: u64,
    /// Sessions open.
    pub sessions_open: u64,
    /// Bytes received from the router.
    pub bytes_in: u64,
    /// Bytes sent to the router.
    pub bytes_out: u64,
    /// From the first request to the commit, microseconds.
    pub duration_us: u64,
    /// Its number within the router.
    pub poll_seq: u64,
}

/// How a connection to a router is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Plain TCP.
    #[default]
    Off,
    /// TLS with a remembered certificate.
    Pinned,
    /// TLS with a certificate that a known authority signed.
    Verified,
}

/// A router to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRouter {
    /// Its name, unique.
    #[schema(min_length = 1, max_length = 128)]
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// TCP port of its API service; without it 8728, with TLS 8729.
    #[schema(minimum = 1)]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    #[schema(inline)]
    pub tls: Tls,
    /// SHA-256 of the certificate it must show in pinned mode, 64 hex digits, colons allowed; without it the first one
    /// it shows is remembered.
    pub fingerprint: Option<String>,
    /// The user to log in as; a read-only group is enough.
    pub username: String,
    /// Its password; sealed at once, never shown again.
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
    /// Speed of its uplink, bits per second.
    pub link_speed_bps: Option<Count>,
    /// Time between two readings, milliseconds.
    #[schema(minimum = 1_000, maximum = 3_600_000)]
    pub interval_ms: Option<u32>,
    /// The group of routers it is in; one that nobody had yet is made.
    #[schema(min_length = 1, max_length = 128)]
    pub group: Option<String>,
    /// False: keep it, do not read it.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub enabled: bool,
}

/// What to change of a router; absent fields stay as they are.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouterPatch {
    /// A new name.
    #[schema(min_length = 1, max_length = 128)]
    pub name: Option<String>,
    /// A new host; needs `password` too.
    pub host: Option<String>,
    /// A new port; needs `password` too.
    #[schema(minimum = 1)]
    pub port: Option<u16>,
    /// A new TLS mode; needs `password` too. Where the port is the usual one of the old mode and none is given, it
    /// becomes that of the new one.
    #[schema(inline)]
    pub tls: Option<Tls>,
    /// The certificate it must show in pinned mode; null: the next one it shows is remembered. The one way to accept a
    /// changed certificate.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<String>)]
    pub fingerprint: Option<Option<String>>,
    /// A new user.
    pub username: Option<String>,
    /// A new password, or the old one again when the address changes.
    #[schema(value_type = Option<String>, format = Password)]
    pub password: Option<SecretString>,
    /// A new link speed, bits per second; null: unbounded.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<Count>)]
    pub link_speed_bps: Option<Option<Count>>,
    /// A new interval, milliseconds; null: the installation's.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<u32>, minimum = 1_000, maximum = 3_600_000)]
    pub interval_ms: Option<Option<u32>>,
    /// The IANA zone of the days of subscribers whose login is bound to it; null: the installation's. It can be changed of
    /// a router in the configuration file too.
    #[serde(default, deserialize_with = "double_option::given")]
    pub zone: Option<Option<String>>,
    /// The group of routers it is in (one that nobody had yet is made); null: none. Logins that are somebody's in a group are
    /// looked up anew.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    pub group: Option<Option<String>>,
    /// Read it, or not.
    pub enabled: Option<bool>,
}

/// The reading that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadNow {
    /// Its number within the router.
    pub poll_seq: u64,
    /// When it was taken.
    pub at: Time,
}

fn yes() -> bool {
    true
}

/// A router as it was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouterChanged {
    /// As it is now.
    #[serde(flatten)]
    pub router: Router,
    /// It is not read any more, and something of ours stays on it: what, who is kept out of it still, and how both go by hand; null: nothing.
    #[schema(required)]
    pub stays: Option<String>,
}

/// A router was removed, and something of ours stays on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouterRemoved {
    /// What stays, why, and how it goes by hand.
    pub stays: String,
}
