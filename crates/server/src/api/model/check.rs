//! A router's test.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::router::Tls;

/// What a test of a router found, in the order of the steps.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouterTest {
    /// One for each thing looked at.
    pub items: Vec<RouterCheck>,
}

/// One thing looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouterCheck {
    /// What: `reachable`, `port`, `tls` (where it is used), `login`, `rights`, `device`, `version`, `hotspot`, `ppp`, `fasttrack`
    /// or `clock`.
    pub item: String,
    /// How it stands: `ok`; `absent` (there is none, which is no mistake); `attention` (works, but somebody should
    /// know); `failed` (has to be mended first); `not_observed` (could not be looked at).
    pub state: String,
    /// What was seen, with the RouterOS commands that mend it where something is wrong.
    pub told: String,
    /// SHA-256 of the certificate that was shown and refused, 64 hex digits, of `tls` only: compare it with the router's own
    /// before it is given as the one to expect. Null: none was refused.
    #[schema(required)]
    pub refused_fingerprint: Option<String>,
}

/// An address to test, of which nothing is kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouterTestRequest {
    /// Host name or address.
    pub host: String,
    /// TCP port of its API service; without it 8728, with TLS 8729.
    #[schema(minimum = 1)]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    #[schema(inline)]
    pub tls: Tls,
    /// SHA-256 of the certificate it must show in pinned mode, 64 hex digits, colons allowed; without it any is refused and
    /// told.
    pub fingerprint: Option<String>,
    /// The user to log in as, once; without one nobody is logged in, and only whether something answers there is told.
    pub username: Option<String>,
    /// That user's password; empty when not given, never kept.
    #[schema(value_type = Option<String>, format = Password)]
    pub password: Option<SecretString>,
}
