//! What people say of a router.

use secrecy::SecretString;
use store::{Fingerprint, TlsMode};

/// A router to be added.
#[derive(Clone, Debug)]
pub struct NewRouter {
    /// Its name, unique.
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// TCP port of its API.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// The certificate it must show in pinned mode; the first one it shows when `None`.
    pub fingerprint: Option<Fingerprint>,
    /// User on the router.
    pub username: String,
    /// That user's password.
    pub password: SecretString,
    /// Speed of its fastest link, bits per second.
    pub link_speed_bps: Option<u64>,
    /// Time between polls, milliseconds; the default when `None`.
    pub interval_ms: Option<u32>,
    /// The group it belongs to (made when lacking).
    pub group: Option<String>,
    /// Whether it is polled.
    pub enabled: bool,
}

/// An address to be tested before anybody keeps it.
#[derive(Clone, Debug)]
pub struct AddressTest {
    /// Host name or address.
    pub host: String,
    /// TCP port of its API.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// The certificate it must show in pinned mode; without one, any is refused and told.
    pub fingerprint: Option<Fingerprint>,
    /// Who is logged in, once; `None`: nobody, only whether something answers there.
    pub login: Option<AddressLogin>,
}

/// A user of a router, for one login.
#[derive(Clone, Debug)]
pub struct AddressLogin {
    /// User on the router.
    pub username: String,
    /// That user's password; never kept.
    pub password: SecretString,
}

/// What to change of a router; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct RouterPatch {
    /// New name.
    pub name: Option<String>,
    /// New host.
    pub host: Option<String>,
    /// New port; with a new TLS mode alone, the usual port of the old mode becomes that of the new one.
    pub port: Option<u16>,
    /// New TLS mode.
    pub tls: Option<TlsMode>,
    /// Another certificate to demand in pinned mode, or the next one the router shows.
    pub fingerprint: Option<Option<Fingerprint>>,
    /// New user.
    pub username: Option<String>,
    /// New password; required when host, port, TLS mode or user change.
    pub password: Option<SecretString>,
    /// New link speed, or none any more.
    pub link_speed_bps: Option<Option<u64>>,
    /// New interval, or the default again.
    pub interval_ms: Option<Option<u32>>,
    /// The IANA zone of the days of subscribers bound to it, or the installation's again.
    pub zone: Option<Option<String>>,
    /// Another group (made when lacking), or none any more.
    pub group: Option<Option<String>>,
    /// Switched on or off. Switching on also ends a pause.
    pub enabled: Option<bool>,
}
