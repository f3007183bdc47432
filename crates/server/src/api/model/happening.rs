//! What happened, of all kinds, as one list.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::name::Name;
use super::time::Time;

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HappeningKind {
    /// A session was seen for the first time.
    SessionBegan,
    /// A session was seen for the last time, as is known some readings later.
    SessionEnded,
    /// A router came into another state.
    RouterState,
    /// A command that changes a router, or was given to another process.
    Command,
    /// A line of the log of the process that answers.
    Log,
}

/// Something that happened. Fields that its kind does not have are null.
#[derive(Debug, Serialize, ToSchema)]
pub struct Happening {
    /// When.
    pub at: Time,
    /// What it is.
    #[schema(value_type = String, examples("session_began"))]
    pub kind: HappeningKind,
    /// The router; null too where it was removed since.
    #[schema(required)]
    pub router: Option<String>,
    /// The login of a session, as the router gave it.
    #[schema(required)]
    pub username: Option<Name>,
    /// The subscriber of a session's login.
    #[schema(required)]
    pub subscriber: Option<String>,
    /// What carried a session.
    #[schema(required)]
    pub service: Option<String>,
    /// Octets the router received from the subscriber, of a session that ended.
    #[schema(required)]
    pub upload_octets: Option<u64>,
    /// Octets the router sent to the subscriber, of a session that ended.
    #[schema(required)]
    pub download_octets: Option<u64>,
    /// The router's state, what became of a command (as in `/api/v1/commands`), or the level of a line of the log.
    #[schema(required)]
    pub state: Option<String>,
    /// What a command was to do, or the part of the program that wrote a line.
    #[schema(required)]
    pub what: Option<String>,
    /// What is said of it.
    #[schema(required)]
    pub text: Option<String>,
}

/// A page of what happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Happenings {
    /// The newest first.
    pub items: Vec<Happening>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next: Option<String>,
    /// What is older is not told.
    pub since: Time,
    /// Lines of the log that the process dropped before they were a day old, since it began.
    pub dropped_log_lines: u64,
    /// Changes of state that it dropped before they were a day old, since it began.
    pub dropped_router_states: u64,
}
