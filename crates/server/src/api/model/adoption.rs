//! Adoption of what logins used before they had a subscriber.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::expiry::ExpiryText;
use super::name::Name;

/// From when on to adopt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adopt {
    /// Entries that end then or later: an instant, or a date (the begin of that day in the subscriber's zone).
    #[schema(value_type = String, examples("2026-11-01"))]
    pub from: ExpiryText,
}

/// What was adopted of one login on one router.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdoptedLogin {
    /// The router.
    pub router: String,
    /// The login, as the router gives it.
    pub login: Name,
    /// Octets of upload, now in the open cycle too.
    pub upload_octets: u64,
    /// Octets of download, now in the open cycle too.
    pub download_octets: u64,
    /// How many entries they were counted by.
    pub entries: u64,
}
