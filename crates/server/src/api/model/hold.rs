//! Holds: who is kept out of a router for a while.

use serde::Serialize;
use utoipa::ToSchema;

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
