//! Who is watched live, and what they move.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::name::Name;
use super::time::Time;

/// Who is watched. All of them are on one page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Monitors {
    /// By the id of who is watched.
    pub items: Vec<Monitor>,
    /// Always null.
    #[schema(required)]
    pub next: Option<String>,
    /// How many can be watched at the same time; 0 where watching is switched off.
    pub slots: usize,
    /// How many more can be watched now.
    pub slots_free: usize,
}

/// A subscriber who is watched.
#[derive(Debug, Serialize, ToSchema)]
pub struct Monitor {
    /// Their id.
    pub subscriber: Uuid,
    /// Their name towards people, unique.
    pub username: String,
    /// The person's name.
    #[schema(required)]
    pub name: Option<String>,
    /// The plan's name.
    #[schema(required)]
    pub plan: Option<String>,
    /// What they use, such as `pppoe`.
    pub service: String,
    /// The router they are watched on.
    pub router: String,
    /// Routers on which more of theirs is that is in no sample: sessions on others, or of another login, and counters.
    pub also_on: Vec<String>,
    /// Whether it was started, and goes on without a reader.
    pub started: bool,
    /// How many look at them now.
    pub readers: usize,
    /// How it stands.
    pub standing: Standing,
    /// The same in a sentence.
    pub standing_text: String,
    /// What came last; null before the first sample.
    #[schema(required)]
    pub last: Option<LastSample>,
}

/// How watching somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The router was not asked yet, or has not answered.
    Sought,
    /// Samples come.
    Watched,
    /// The router shows no session of theirs, or nothing of that name.
    NoSession,
    /// The router is not reached, or refuses.
    Trouble,
}

/// The last sample, and its age.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastSample {
    /// When the router said so.
    pub as_of: Time,
    /// What it said.
    #[serde(flatten)]
    pub rates: Rates,
}

/// What a subscriber moves.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Rates {
    /// Which sample it is since they are watched: 1, 2, 3... One that lacks was lost on the way.
    pub no: u64,
    /// Bits a second that the router received from them.
    pub upload_bps: u64,
    /// Bits a second that the router sent to them.
    pub download_bps: u64,
    /// How it was come by.
    pub source: Source,
    /// Where it is from counters: the milliseconds it is the mean of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over_ms: Option<u64>,
    /// Name of the interface, queue or device.
    pub interface: Name,
}

/// How a rate was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The router measured the interface of a session.
    Session,
    /// The router measured the interface that faces them: what passes there counts, whoever sends it.
    Facing,
    /// A counter was read twice: the mean over the time between.
    Counters,
}
