//! Who moves most at the moment.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::name::Name;
use super::time::Time;

/// Who moves most. All of it is on one page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Top {
    /// In the order of `sort`.
    pub items: Vec<Talker>,
    /// Always null.
    #[schema(required)]
    pub next: Option<String>,
    /// By what they are ranked.
    pub sort: TopSort,
    /// Every router that was asked for, by name: what is said of it, or why nothing is.
    pub routers: Vec<RouterWindow>,
}

/// By what they are ranked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopSort {
    /// What the router received from them.
    Upload,
    /// What the router sent to them.
    Download,
    /// Both together.
    #[default]
    Total,
}

/// A session, and what moved on it between the two latest readings of its router.
#[derive(Debug, Serialize, ToSchema)]
pub struct Talker {
    /// The router.
    pub router: String,
    /// The session's number within the router.
    pub session: u64,
    /// The login as the router gave it.
    pub username: Name,
    /// Username of the subscriber bound to the login.
    #[schema(required)]
    pub subscriber: Option<String>,
    /// What carries it.
    #[schema(examples("pppoe"))]
    pub service: String,
    /// The address it was given.
    #[schema(required)]
    pub framed_address: Option<Name>,
    /// MAC or address of the caller.
    pub calling_station_id: Name,
    /// Bits per second that the router received from the subscriber: the mean over the time from `from` to `as_of`.
    pub upload_bps: u64,
    /// Bits per second that the router sent to the subscriber, the mean over the same time.
    pub download_bps: u64,
    /// Octets that the router received from the subscriber in that time.
    pub upload_octets: u64,
    /// Octets that the router sent to the subscriber in that time.
    pub download_octets: u64,
    /// More may have passed: some of the traffic passes the counter by, or a counter may have started over unseen.
    pub at_least: bool,
    /// Between which readings.
    #[serde(flatten)]
    pub window: Window,
}

/// Two readings of a router that follow each other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TopWindow)]
pub struct Window {
    /// The earlier reading.
    pub from: Time,
    /// The later one, the latest there is.
    pub as_of: Time,
    /// Microseconds in between, whatever was done to the clock meanwhile: a rate is octets times 8,000,000 divided by this,
    /// cut off.
    pub over_us: u64,
}

/// What is said of a router's sessions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TopRouter)]
pub struct RouterWindow {
    /// The router.
    pub router: String,
    /// Between which readings; null where nothing is said.
    #[schema(required)]
    pub window: Option<Window>,
    /// Why nothing is said; null where something is.
    #[schema(required)]
    pub unobserved: Option<WhyUnobserved>,
    /// The same in a sentence.
    #[schema(required)]
    pub unobserved_text: Option<String>,
    /// How long ago its latest reading was, milliseconds; null where this is not known.
    #[schema(required)]
    pub age_ms: Option<u64>,
    /// Sessions that moved in that time.
    pub sessions_moved: usize,
    /// Of those, how many were looked at for this answer: a router that another process polls tells of those alone that move
    /// most by upload, by download or together.
    pub sessions_told: usize,
    /// Sessions of which it is not known how much they moved in that time: they began or ended in it, a reading did not show
    /// them, or their counter went back.
    pub sessions_unknown: usize,
}

/// Why nothing is said of a router's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhyUnobserved {
    /// It is disabled or paused.
    NotPolled,
    /// It was not read yet.
    NotRead,
    /// It was read once: a rate needs two readings.
    OneReading,
    /// The two latest readings lie too far apart.
    LongWindow,
    /// The latest reading is too old.
    Old,
}
