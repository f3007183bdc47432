//! Commands to routers that one process gives to another: each is carried out once at most, for it is written down before.
//!
//! The row decides what became of a command. Who carries it out makes it; who does not want to wait any longer makes it too,
//! as withdrawn: whoever comes second finds it there. Instants are the database's.

use std::time::Duration;

use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;

/// A command as it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCommand {
    /// Its own name.
    pub id: Uuid,
    /// The router it is for.
    pub nas: NasId,
    /// What is to be done.
    pub kind: String,
    /// The particulars, as who carries it out reads them.
    pub arguments: String,
}

/// How far a command came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandState {
    /// It was about to be carried out; its outcome is not known yet.
    Begun,
    /// Its outcome is written down.
    Ended,
    /// It was not carried out, and never will be.
    Withdrawn,
}

/// Every state with its stable name.
pub const COMMAND_STATES: [(CommandState, &str); 3] =
    [(CommandState::Begun, "begun"), (CommandState::Ended, "ended"), (CommandState::Withdrawn, "withdrawn")];

impl CommandState {
    /// The stable name in the database and the API.
    pub fn as_str(self) -> &'static str {
        COMMAND_STATES.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        COMMAND_STATES.iter().find(|(_, known)| *known == name).map(|(state, _)| *state)
    }
}

/// A command as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its own name.
    pub id: Uuid,
    /// The router it is for.
    pub nas: NasId,
    /// What is to be done.
    pub kind: String,
    /// The particulars; `None` where it was withdrawn, or begun by a version that did not write them down.
    pub arguments: Option<String>,
    /// How far it came.
    pub state: CommandState,
    /// The process that began it.
    pub node: Option<String>,
    /// The epoch of the router's lease under which it was begun.
    pub epoch: Option<u64>,
    /// The router's last snapshot when it was begun.
    pub seq_before: Option<u64>,
    /// When it was begun, or withdrawn.
    pub made_at: Micros,
    /// When its outcome was written down.
    pub ended_at: Option<Micros>,
    /// Its outcome, as who carried it out wrote it.
    pub outcome: Option<String>,
}

/// What became of beginning a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// It is this process' to carry out, now.
    Begun,
    /// It was begun or withdrawn before: it is not to be carried out.
    Known(Command),
    /// The router is not this process' own; nothing was written down.
    NotHeld,
}

/// A command whose process is gone, or has lost the router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsettled {
    /// The command.
    pub command: Command,
    /// The router's last snapshot now, and our clock when it was read.
    pub last: (u64, Option<Micros>),
    /// The epoch of the router's lease now.
    pub epoch: u64,
}

/// See the module.
#[async_trait]
pub trait CommandRepository: Send + Sync {
    /// The process that polls a router and is alive; `None`: nobody does.
    async fn polled_by(&self, nas: NasId) -> Result<Option<String>, StoreError>;

    /// Writes down that `node` is about to carry a command out, under the lease that it has of the router.
    async fn begin_command(&self, new: NewCommand, node: &str) -> Result<Beginning, StoreError>;

    /// Writes down the outcome of one that was begun; false: it has one already, or was never begun.
    async fn end_command(&self, id: Uuid, outcome: String) -> Result<bool, StoreError>;

    /// Lets a command never be carried out, unless it was begun; answers how it stands then.
    async fn withdraw_command(&self, new: NewCommand) -> Result<Command, StoreError>;

    /// Commands without an outcome that were begun under another lease than the router's present one, of the routers that
    /// `node` has; with `leads` also of those that nobody is to poll. Only those that were begun so long ago: a process that lost
    /// the lease may still be at it.
    async fn unsettled_commands(
        &self,
        node: &str,
        leads: bool,
        after: Duration,
    ) -> Result<Vec<Unsettled>, StoreError>;

    /// Those of that router or of all that are reached, newest first, before that instant and, of the instant itself, before that name; without looks at
    /// traffic, which pages take all the time.
    async fn list_commands_before(
        &self,
        nas: Option<NasId>,
        made_at: Micros,
        id: Option<Uuid>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<Command>, StoreError>;

    /// The newest, newest first.
    async fn list_commands(&self, most: u32) -> Result<Vec<Command>, StoreError> {
        self.list_commands_within(most, Reach::Everywhere).await
    }

    /// The same of routers that are reached.
    async fn list_commands_within(&self, most: u32, reach: Reach) -> Result<Vec<Command>, StoreError>;

    /// Forgets those that have an outcome, or will never be carried out, and are older than that.
    async fn forget_commands(&self, older_than: Duration) -> Result<(), StoreError>;
}
