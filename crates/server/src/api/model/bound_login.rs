//! The logins that are a subscriber's.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::expiry::ExpiryText;
use super::login_kind::LoginKind;
use super::name::Name;
use super::time::Time;

/// A login that is a subscriber's.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoundLogin {
    /// The login, as routers give it.
    pub login: Name,
    /// What it is a login to.
    pub kind: LoginKind,
    /// Where it is the subscriber's: `all`, or `router:` or `group:` and a name.
    #[schema(examples("all", "router:tower-1"))]
    pub scope: String,
    /// Since when.
    pub since: Time,
}

/// A login to unbind from a subscriber.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginOfSubscriber {
    /// The login, as routers give it. `hex:` and digits for bytes that are not UTF-8.
    #[schema(value_type = String)]
    pub login: Name,
    /// The service it is used for; absent: the subscriber's.
    pub service: Option<String>,
    /// On this router only; absent: on all.
    pub router: Option<String>,
}

/// A login to bind to a subscriber.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginToBind {
    /// The login, as routers give it. `hex:` and digits for bytes that are not UTF-8.
    #[schema(value_type = String)]
    pub login: Name,
    /// The service it is used for; absent: the subscriber's.
    pub service: Option<String>,
    /// On this router only; absent: on all.
    pub router: Option<String>,
    /// Adopt what it used without a subscriber: entries that end then or later; an instant, or a date (the begin of that day
    /// in the subscriber's zone).
    #[schema(value_type = Option<String>, examples("2026-11-01"))]
    pub adopt_from: Option<ExpiryText>,
}
