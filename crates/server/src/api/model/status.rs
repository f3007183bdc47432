//! How the installation stands.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::Time;

/// The whole installation at a glance.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// Version of the running program.
    pub version: String,
    /// True while the routers are simulated: no figure is a real subscriber's.
    pub simulated: bool,
    /// When this process started.
    pub started_at: Time,
    /// The database.
    pub store: StoreStatus,
    /// Telling other programs over Redis; null where that is not configured.
    #[schema(required)]
    pub events: Option<EventsStatus>,
    /// What else goes over Redis and was tried: live samples, and what goes between processes.
    pub redis: Vec<RedisUseStatus>,
    /// Routers, counted by how they stand.
    pub routers: RouterCounts,
    /// What this process is called among those that share the database.
    pub node: String,
    /// The processes that share the database, by name; none where only one can have it.
    pub processes: Vec<Process>,
    /// Subscribers in the database.
    pub subscribers: u64,
    /// Entries that are held back, in no total until somebody decides (`/api/v1/held`).
    pub held_entries: u64,
}

/// A process on a database that several can share.
#[derive(Debug, Serialize, ToSchema)]
pub struct Process {
    /// What it is called.
    pub name: String,
    /// What it does: `all`, `collector` or `api`.
    pub role: String,
    /// False: it was silent for longer than its term, and others take its routers.
    pub alive: bool,
    /// How long ago it was heard of, milliseconds by the database's clock.
    pub silent_ms: u64,
    /// The routers that are its own to read.
    pub routers: u64,
}

/// How the database stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoreStatus {
    /// Whether it takes readings. One that does not answer at all shows as 503 on every request.
    pub state: StoreState,
    /// What is wrong and what to do, in a sentence.
    pub message: Option<String>,
}

/// See [`StoreStatus::state`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StoreState {
    /// It answers and takes readings.
    Ok,
    /// It answers, but does not take the readings of at least one router, or its file is gone; readings wait.
    Stalled,
}

/// How the telling of events over Redis stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventsStatus {
    /// Whether Redis takes them.
    pub state: EventsState,
    /// Why not and what to do, in a sentence.
    pub message: Option<String>,
    /// Events that wait in the database.
    pub waiting: u64,
    /// Bytes that these take.
    pub waiting_bytes: u64,
    /// When the oldest of them happened; null when none waits.
    #[schema(required)]
    pub oldest_at: Option<Time>,
    /// Events told since this process started, repetitions included.
    pub told: u64,
    /// Events that were ever given up because they could not be told in time.
    pub lost: u64,
}

/// See [`EventsStatus::state`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventsState {
    /// It was not tried yet.
    Starting,
    /// It takes them.
    Ok,
    /// It does not; they wait, and counting goes on.
    Trouble,
}

/// How something that goes over Redis stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct RedisUseStatus {
    /// What goes over it: `live_samples`, `commands_given`, `commands_taken`, `answers_given`, `answers`, `watching_told`, `watching_heard`.
    pub r#use: String,
    /// Whether Redis carries it.
    pub up: bool,
    /// Why not and what to do, in a sentence.
    #[schema(required)]
    pub message: Option<String>,
}

/// Routers by how they stand; the rest is disabled or still connecting.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouterCounts {
    /// All routers in the list.
    pub total: u64,
    /// Being read.
    pub online: u64,
    /// Somebody should look: unreachable, refused, paused.
    pub trouble: u64,
}
