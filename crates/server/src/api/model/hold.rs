//! Holds: who is kept out of a router for a while.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::disconnect::Disconnect;
use super::name::Name;
use super::time::Time;

/// Somebody who is kept out of a router.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hold {
    /// The router.
    pub router: String,
    /// `device` (of the hotspot) or `ppp`.
    pub kind: String,
    /// The MAC, or the login.
    pub subject: Name,
    /// Until then.
    pub until: Time,
    /// Its time is over; it is undone as soon as the router can be reached.
    pub is_over: bool,
    /// Who wanted it.
    pub set_by: String,
    /// When.
    pub set_at: Time,
}

/// Whom to keep out of their router. Exactly one of `mac`, `username` and `subscriber`; they have to be connected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// A device of the hotspot.
    #[schema(examples("AA:BB:CC:DD:EE:FF"))]
    pub mac: Option<String>,
    /// A login as its router gives it: of PPP with all its sessions, or of the hotspot with one device.
    pub username: Option<Name>,
    /// A subscriber, by username or id.
    pub subscriber: Option<String>,
    /// On this router.
    pub router: Option<String>,
    /// For so many seconds from now on; absent: 30 days, the longest.
    #[schema(minimum = 1, maximum = 2_592_000)]
    pub for_s: Option<u64>,
    /// Only find out what would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewHoldOutcome {
    /// The session with which they were kept out.
    pub first: Disconnect,
    /// Other sessions of the same login, which were ended after it.
    pub others: Vec<OtherSession>,
}

/// Another session of somebody who is kept out.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherSession {
    /// Its number within the router.
    pub session: u64,
    /// What became of it, in a sentence.
    pub told: String,
    /// Whether it was ended.
    pub is_ended: bool,
}
