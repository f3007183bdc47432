//! Usage: totals of a window.

use serde::Serialize;
use utoipa::ToSchema;

use super::login_kind::LoginKind;
use super::name::Name;
use super::time::Time;

/// Totals within [`from`, `to`).
#[derive(Debug, Serialize, ToSchema)]
pub struct Usage {
    /// The window's effective begin: the asked one moved back to a 15-minute edge, or to the begin of a day of the installation's
    /// zone where there are only days. Null: all time.
    #[schema(required)]
    pub from: Option<Time>,
    /// The window's effective end: the asked one (now, when none is asked) moved on to such an edge.
    pub to: Time,
    /// From when on there are 15-minute entries; before it there are sums of days of the installation's zone. Null: all detail is there.
    #[schema(required)]
    pub detail_from: Option<Time>,
    /// One item per router and login.
    pub items: Vec<UsageItem>,
    /// Always null: the answer is whole.
    #[schema(required)]
    pub next: Option<String>,
}

/// What one login used on one router.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageItem {
    /// The router.
    pub router: String,
    /// The login as the router gave it; null: octets the router never named an owner of.
    #[schema(required)]
    pub username: Option<Name>,
    /// What that is a login to; null without one.
    #[schema(required)]
    pub kind: Option<LoginKind>,
    /// Octets the router received from the subscriber.
    pub upload_octets: u64,
    /// Octets the router sent to the subscriber.
    pub download_octets: u64,
    /// Observed share of the session time, 0 to 100; null when there was none.
    #[schema(required)]
    pub observed_percent: Option<f64>,
    /// How many octets can have passed unseen at most, both directions together; null: unbounded.
    #[schema(required)]
    pub unobserved_upper_octets: Option<u64>,
    /// When the newest reading in it was taken; null when there is none.
    #[schema(required)]
    pub as_of: Option<Time>,
}
