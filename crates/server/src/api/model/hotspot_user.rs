//! What users of the hotspots move.

use serde::Serialize;
use utoipa::ToSchema;

use super::name::Name;
use super::time::Time;

/// Users of the hotspots, router by router.
#[derive(Debug, Serialize, ToSchema)]
pub struct HotspotUsers {
    /// Those who are logged in.
    pub items: Vec<HotspotUser>,
    /// The routers that are looked at, and those of whom somebody is told.
    pub routers: Vec<HotspotRouter>,
}

/// One login.
#[derive(Debug, Serialize, ToSchema)]
pub struct HotspotUser {
    /// The router they are at.
    pub router: String,
    /// The user, or the voucher's code.
    pub username: Name,
    /// The device.
    #[schema(value_type = String, examples("AA:BB:CC:DD:EE:FF"))]
    pub calling_station_id: Name,
    /// Since they logged in.
    pub uptime_seconds: u64,
    /// What they sent in this login.
    pub upload_octets: u64,
    /// What they received in this login.
    pub download_octets: u64,
    /// What they send; null until their login was looked at twice, and while it cannot be.
    #[schema(required)]
    pub upload_bps: Option<u64>,
    /// What they receive; null as above.
    #[schema(required)]
    pub download_bps: Option<u64>,
    /// The first queue that takes their traffic; null without one, and while the router was not looked at yet.
    #[schema(required)]
    pub queue: Option<HotspotUserQueue>,
}

/// A queue that takes somebody's traffic.
#[derive(Debug, Serialize, ToSchema)]
pub struct HotspotUserQueue {
    /// Whether the router gives its speeds in a way that is understood.
    pub is_understood: bool,
    /// What it lets through, sent; null: no limit, or not understood.
    #[schema(required)]
    pub upload_bps: Option<u64>,
    /// What it lets through, received; null as above.
    #[schema(required)]
    pub download_bps: Option<u64>,
    /// What passed it, sent; of all who share it. Null when the router does not say.
    #[schema(required)]
    pub upload_octets: Option<u64>,
    /// What passed it, received.
    #[schema(required)]
    pub download_octets: Option<u64>,
}

/// A router of whose users is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct HotspotRouter {
    /// Its name.
    pub router: String,
    /// From where it is known who they are: `router`, which showed them because somebody looks, or `books`: its last reading did, which
    /// says nothing of rates and queues.
    #[schema(value_type = String, examples("router"))]
    pub source: &'static str,
    /// When it showed what is told of its users; null when it showed nothing yet.
    #[schema(required)]
    pub as_of: Option<Time>,
    /// Why it shows nothing at the moment; null when it does.
    #[schema(required)]
    pub trouble: Option<String>,
    /// Users of it that are not told of, for there are too many.
    pub left_off: usize,
}
