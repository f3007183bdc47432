//! Ending the sessions of many.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::name::Name;
use super::time::Time;

/// Whose sessions are to be ended. Without `shown` they are only listed; with it those that were listed are ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBulkDisconnect {
    /// On this router.
    pub router: String,
    /// Carried by this service: `pppoe`, `hotspot`, ...
    pub service: Option<String>,
    /// Of subscribers on this plan.
    pub plan: Option<String>,
    /// Of logins that begin so.
    pub username_start: Option<Name>,
    /// Keep out whoever has one of them, for so many seconds from its end on, at most 30 days, as by `/api/v1/disconnects`. What was
    /// listed with it is ended with the same only.
    #[schema(minimum = 1, maximum = 2_592_000)]
    pub hold_s: Option<u64>,
    /// What the same question without this was answered.
    pub shown: Option<Shown>,
    /// List them, and with each what would be sent to end it, word by word; nothing is. Each is looked for on its router.
    #[serde(default)]
    #[schema(default = false)]
    pub dry_run: bool,
}

/// The sessions that somebody was shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Their numbers, in the order in which they were listed; at most 20.
    #[schema(max_items = 20)]
    pub sessions: Vec<u64>,
    /// The `digest` of the answer.
    pub digest: String,
}

/// Whose sessions would be ended, or what became of each.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkDisconnect {
    /// Where they were only listed: what has to be given with their numbers to end them.
    #[schema(required)]
    pub digest: Option<String>,
    /// Where they were only listed: how many more fit. Those that began first are listed, 20 at most.
    #[schema(required)]
    pub more: Option<u64>,
    /// The sessions, in the order in which they began and are ended.
    pub sessions: Vec<BulkSession>,
}

/// One of the sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkSession {
    /// Its number within the router.
    pub session: u64,
    /// The login as the router gives it.
    pub username: Name,
    /// What carries it.
    pub service: String,
    /// MAC or address of the caller.
    pub calling_station_id: Name,
    /// Username of the subscriber its login is bound to.
    #[schema(required)]
    pub subscriber: Option<String>,
    /// What became of it.
    pub outcome: BulkOutcome,
    /// The same in a sentence.
    pub told: String,
    /// Until then whoever had it is kept out.
    #[schema(required)]
    pub held_until: Option<Time>,
    /// The commands that were sent to change something, word by word, where the router carried them out; with `dry_run` those that would be.
    pub commands: Vec<String>,
}

/// What became of one session of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkOutcome {
    /// It was listed, and nothing was sent.
    Shown,
    /// The router shows it no more, and nobody came back while it was looked at.
    Gone,
    /// It was ended, and who had it is there again.
    CameBack,
    /// It had ended by itself, or is not of those that are meant any more; nothing was sent.
    LeftAlone,
    /// It was to be ended, and was not.
    NotEnded,
    /// The router was told to end it and was not heard any more.
    NotKnown,
}
