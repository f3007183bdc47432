//! Commands that one process gave to another, or that change a router.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::time::Time;

/// A command to a router that another process polls, or that changes something on one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Command {
    /// Its own name.
    pub id: Uuid,
    /// The router; null: it was removed since.
    #[schema(required)]
    pub router: Option<String>,
    /// What was to be done.
    #[schema(examples("read_now"))]
    pub kind: String,
    /// What became of it.
    pub state: CommandState,
    /// Why it came to nothing, or is not known, in a sentence.
    #[schema(required)]
    pub message: Option<String>,
    /// The process that began it; null: none did.
    #[schema(required)]
    pub process: Option<String>,
    /// When it was begun, or given up, by the database's clock.
    pub at: Time,
    /// When its outcome was written down.
    #[schema(required)]
    pub ended_at: Option<Time>,
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommandState {
    /// It was begun, and nothing was heard of it yet.
    Begun,
    /// It was done.
    Done,
    /// The router, or its poller, answered that it could not be done.
    Failed,
    /// It was not done, and will not be.
    NotDone,
    /// Nobody knows whether it was done.
    Unknown,
}

impl CommandState {
    /// The same word as in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            CommandState::Begun => "begun",
            CommandState::Done => "done",
            CommandState::Failed => "failed",
            CommandState::NotDone => "not_done",
            CommandState::Unknown => "unknown",
        }
    }
}
