//! What users of the hotspot move, as the piso-net tool told it, whose path is kept. `in` is from the user, their upload; `out` is to
//! the user, their download.

use serde::Serialize;
use utoipa::ToSchema;

use super::name::Name;
use super::time::Time;

/// All users, router by router.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserTrafficList {
    /// Always true: what goes wrong is answered with another status.
    pub success: bool,
    /// Those who are logged in.
    pub users: Vec<UserTraffic>,
    /// The routers that are looked at, and those of whom somebody is told.
    pub routers: Vec<TrafficRouter>,
}

/// One login.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserTraffic {
    /// The user, or the voucher's code.
    pub user: Name,
    /// The device.
    #[schema(value_type = String, examples("AA:BB:CC:DD:EE:FF"))]
    pub mac: Name,
    /// The router they are at.
    pub router: String,
    /// Seconds since they logged in.
    pub uptime: u64,
    /// Octets that they sent in this login.
    pub bytes_in: u64,
    /// Octets that they received in this login.
    pub bytes_out: u64,
    /// The same for people.
    #[schema(examples("15.2 MB"))]
    pub bytes_in_formatted: String,
    /// The same for people.
    #[schema(examples("120.5 MB"))]
    pub bytes_out_formatted: String,
    /// Bits per second that they send, as text; null until their login was looked at twice, and while it cannot be.
    #[schema(required, examples("1024000"))]
    pub rate_in: Option<String>,
    /// Bits per second that they receive, as text; null as above.
    #[schema(required, examples("2048000"))]
    pub rate_out: Option<String>,
    /// How fast the first queue that takes their traffic lets them be, upload/download, where 0 is no limit; `Unlimited` where none
    /// does. Null when the router gives it in a way that is not understood, and while it was not looked at yet.
    #[schema(required, examples("1M/2M", "Unlimited"))]
    pub max_limit: Option<String>,
    /// Octets of theirs, sent, that passed that queue; null without one. A queue of several counts for all of them.
    #[schema(required)]
    pub queue_bytes_in: Option<u64>,
    /// Octets of theirs, received, that passed that queue.
    #[schema(required)]
    pub queue_bytes_out: Option<u64>,
    /// The same for people.
    #[schema(required)]
    pub queue_bytes_in_formatted: Option<String>,
    /// The same for people.
    #[schema(required)]
    pub queue_bytes_out_formatted: Option<String>,
}

/// A router of whose users is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrafficRouter {
    /// Its name.
    pub router: String,
    /// From where it is known who they are: `router`, which showed them because somebody looks, or `books`: its last reading did, which
    /// says nothing of rates and queues.
    #[schema(value_type = String, examples("router"))]
    pub source: &'static str,
    /// When it showed what is told of its users; null when it showed nothing yet.
    #[schema(required)]
    pub as_of: Option<Time>,
    /// How long ago that was, whole seconds.
    #[schema(required)]
    pub age_s: Option<u64>,
    /// Why it shows nothing at the moment; null when it does.
    #[schema(required)]
    pub trouble: Option<String>,
    /// Users of it that are not told of, for there are too many.
    pub left_off: usize,
}
