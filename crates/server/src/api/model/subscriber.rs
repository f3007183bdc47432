//! Subscribers: who is billed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::name::Name;
use super::time::Time;

/// A subscriber with its open cycle.
#[derive(Debug, Serialize, ToSchema)]
pub struct Subscriber {
    /// Its id.
    pub id: Uuid,
    /// Its name towards people, unique.
    pub username: String,
    /// The person's name.
    pub name: Option<String>,
    /// The login it is bound to, as routers give it; null when none is bound now.
    #[schema(required)]
    pub login: Option<Name>,
    /// Where that login counts: `all`, or `router:` or `group:` and a name; `none` when none is bound.
    #[schema(examples("all", "router:tower-1"))]
    pub scope: String,
    /// The service it uses.
    #[schema(examples("pppoe"))]
    pub service: String,
    /// `active`, `suspended` or `inactive`.
    pub status: String,
    /// The plan's name.
    pub plan: Option<String>,
    /// When it expires.
    pub expiry_at: Option<Time>,
    /// A note.
    pub note: Option<String>,
    /// The open cycle.
    pub cycle: Option<Cycle>,
    /// Sessions open now.
    pub sessions_open: u64,
}

/// A billing window of one subscriber and what it used in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cycle {
    /// Its number: the first is 1.
    pub seq_no: u32,
    /// When it opened.
    pub opened_at: Time,
    /// Octets the routers received from the subscriber.
    pub upload_octets: u64,
    /// Octets the routers sent to the subscriber.
    pub download_octets: u64,
    /// How many octets can have passed unseen at most, both directions together; null: unbounded.
    #[schema(required)]
    pub unobserved_upper_octets: Option<u64>,
    /// Observed share of the session time, 0 to 100; null when there was none.
    #[schema(required)]
    pub observed_percent: Option<f64>,
    /// When the newest reading in it was taken; null when there is none.
    #[schema(required)]
    pub as_of: Option<Time>,
}

/// A subscriber to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubscriber {
    /// Its name towards people, unique.
    #[schema(min_length = 1, max_length = 128)]
    pub username: String,
    /// The person's name.
    pub name: Option<String>,
    /// The login it dials in with; default: its username. `hex:` and digits for bytes that are not UTF-8.
    #[schema(value_type = Option<String>)]
    pub login: Option<Name>,
    /// The service it uses.
    #[serde(default = "pppoe")]
    #[schema(default = "pppoe")]
    pub service: String,
    /// The plan's name.
    pub plan: Option<String>,
    /// Count the login on this router only; absent: on all.
    pub router: Option<String>,
    /// When it expires.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expiry_at: Option<Time>,
    /// A note.
    pub note: Option<String>,
}

fn pppoe() -> String {
    "pppoe".to_owned()
}
