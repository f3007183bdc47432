//! Held entries: impossible jumps that wait for a person.

use serde::Serialize;
use utoipa::ToSchema;

use super::explain::{CounterValue, DecisionAct};
use super::login_kind::LoginKind;
use super::name::Name;
use super::time::Time;

/// An entry in no total until somebody decides. Router, bucket and number together name it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Held {
    /// The router.
    pub router: String,
    /// Number of its 15-minute bucket.
    pub bucket: i64,
    /// Its number within the router.
    pub no: u64,
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
    /// When the counter was read before.
    pub at_from: Time,
    /// When it was read after.
    pub at_to: Time,
    /// Octets that wait, received from the subscriber.
    pub upload_octets: u64,
    /// Octets that wait, sent to the subscriber.
    pub download_octets: u64,
    /// The counter before.
    pub counter_before: CounterValue,
    /// The counter after.
    pub counter_after: CounterValue,
    /// All of that as a sentence.
    pub text: String,
}

/// A decision that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decision {
    /// `released` or `rejected`.
    pub act: DecisionAct,
    /// When.
    pub at: Time,
    /// The router.
    pub router: String,
    /// The login; null: nobody.
    #[schema(required)]
    pub username: Option<Name>,
    /// What that is a login to; null without one.
    #[schema(required)]
    pub kind: Option<LoginKind>,
    /// Octets that waited, received from the subscriber.
    pub upload_octets: u64,
    /// Octets that waited, sent to the subscriber.
    pub download_octets: u64,
    /// The subscriber in whose open cycle they count now; null: rejected, or the login is nobody's and they are in no cycle.
    #[schema(required)]
    pub subscriber: Option<String>,
    /// Number of that cycle.
    #[schema(required)]
    pub cycle: Option<u32>,
}
