//! Usage step by step.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::login_kind::LoginKind;
use super::name::Name;
use super::time::Time;

/// How long the steps of a history are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub enum StepLength {
    /// 15 minutes, as the ledger keeps them.
    #[serde(rename = "15m")]
    Quarter,
    /// Hours of the zone's clock; one that it shows twice is two.
    #[serde(rename = "hour")]
    Hour,
    /// Days of the zone's calendar.
    #[default]
    #[serde(rename = "day")]
    Day,
}

/// Usage within a window, step by step.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// How long the steps are.
    pub step: StepLength,
    /// The zone whose hours and days they are.
    pub zone: String,
    /// From when on there are 15-minute entries. What ended before it is in the step in which the last entry of its
    /// day ended. Null: all detail is there.
    #[schema(required)]
    pub detail_from: Option<Time>,
    /// In order and without a hole: steps without usage are there too.
    pub items: Vec<HistoryItem>,
    /// Always null: the answer is whole.
    #[schema(required)]
    pub next: Option<String>,
}

/// One step.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryItem {
    /// Its begin.
    pub from: Time,
    /// Its end, exclusive.
    pub to: Time,
    /// Its begin on the zone's clock, with the zone's offset.
    #[schema(format = DateTime)]
    pub local: String,
    /// Octets the routers received from the subscribers, by entries that end in this step.
    pub upload_octets: u64,
    /// Octets the routers sent to the subscribers.
    pub download_octets: u64,
    /// How many octets can have passed unseen at most, both directions together; null: unbounded.
    #[schema(required)]
    pub unobserved_upper_octets: Option<u64>,
    /// Share of the step, as far as it is over, in which the routers asked about were read, 0 to 100: of each the tables that
    /// show the sessions asked about. What they counted while they were not read is in the step of the next reading. Null when no router is concerned, or the step lies
    /// ahead.
    #[schema(required)]
    pub covered_percent: Option<f64>,
}

/// What one login used on one router in one step: a line of an export.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportLine {
    /// The router.
    pub router: String,
    /// The login as the router gave it; null (empty in CSV): octets the router never named an owner of.
    #[schema(required)]
    pub username: Option<Name>,
    /// What that is a login to; null without one.
    #[schema(required)]
    pub kind: Option<LoginKind>,
    /// The step's begin.
    pub from: Time,
    /// The step's end, exclusive.
    pub to: Time,
    /// The step's begin on the zone's clock, with the zone's offset.
    #[schema(format = DateTime)]
    pub local: String,
    /// Octets the router received from the subscriber.
    pub upload_octets: u64,
    /// Octets the router sent to the subscriber.
    pub download_octets: u64,
    /// How many octets can have passed unseen at most, both directions together; null (empty in CSV): unbounded.
    #[schema(required)]
    pub unobserved_upper_octets: Option<u64>,
}
