//! Explain: why a total is what it is.

use serde::Serialize;
use utoipa::ToSchema;

use super::login_kind::LoginKind;
use super::name::Name;
use super::time::Time;

/// A total and the entries it consists of. The octets of all posted entries, over all pages, add up to the total.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explanation {
    /// Whose total, in words.
    pub subject: String,
    /// What must be known to read it: renewals within a cycle, and adoptions into it, that were undone.
    pub notes: Vec<String>,
    /// Octets the routers received from the subscriber: all posted entries together.
    pub upload_octets: u64,
    /// Octets the routers sent to the subscriber: all posted entries together.
    pub download_octets: u64,
    /// The entries in the order of time.
    pub items: Vec<ExplainItem>,
    /// Hand this back as `cursor` to read on; null when this was the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// One ledger entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainItem {
    /// When the counter was read before.
    pub at_from: Time,
    /// When it was read after; the entry belongs to this instant.
    pub at_to: Time,
    /// The router.
    pub router: String,
    /// The login; null: nobody.
    #[schema(required)]
    pub username: Option<Name>,
    /// What that is a login to; null without one.
    #[schema(required)]
    pub kind: Option<LoginKind>,
    /// The session's number within the router.
    #[schema(required)]
    pub session: Option<u64>,
    /// The counter's name: the interface's, or the MAC address of a hotspot login's device.
    #[schema(required)]
    pub counter: Option<Name>,
    /// Why the entry exists.
    #[schema(examples("grew", "session_start"))]
    pub reason: String,
    /// False for what was held back: in no total. What is released counts by an entry of its own.
    pub posted: bool,
    /// What a person decided on an entry that was held back; null: nothing yet, or nothing to decide.
    #[schema(required)]
    pub decision: Option<DecisionAct>,
    /// Octets it adds, received from the subscriber.
    pub upload_octets: u64,
    /// Octets it adds, sent to the subscriber.
    pub download_octets: u64,
    /// The counter before.
    pub counter_before: CounterValue,
    /// The counter after.
    pub counter_after: CounterValue,
    /// What was not seen, if anything.
    pub unobserved: Option<Unobserved>,
    /// How many readings it spans.
    pub polls: u32,
    /// All of that as a sentence.
    pub text: String,
}

/// A counter's two values in octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CounterValue {
    /// Received from the subscriber.
    pub upload: u64,
    /// Sent to the subscriber.
    pub download: u64,
}

/// A stretch that was not seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Unobserved {
    /// How long, in seconds; null when even that is unknown.
    pub seconds: Option<f64>,
    /// How many octets can have passed at most, both directions together; null: unbounded.
    #[schema(required)]
    pub upper_octets: Option<u64>,
}

/// What a person decided on octets that were held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionAct {
    /// The octets count now, in the open cycle.
    Released,
    /// The octets never count.
    Rejected,
}
