//! Logins seen on routers that are no subscriber's.

use serde::Serialize;
use utoipa::ToSchema;

use super::login_kind::LoginKind;
use super::name::Name;
use super::time::Time;

/// A login that a router showed and that is no subscriber's there.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnknownLogin {
    /// The router.
    pub router: String,
    /// The login, as the router gives it.
    pub login: Name,
    /// What it is a login to.
    pub kind: LoginKind,
    /// The service of its latest session; null when it has none any more.
    #[schema(required, examples("pppoe"))]
    pub service: Option<String>,
    /// Octets of upload that count in no cycle: what can be adopted.
    pub upload_octets: u64,
    /// Octets of download that count in no cycle.
    pub download_octets: u64,
    /// When it was seen first.
    pub first_seen_at: Time,
    /// When it was seen last: the router's last reading while it has a session.
    pub last_seen_at: Time,
    /// Sessions open now.
    pub sessions_open: u64,
}
