//! What polling one router needs and answers.

use std::sync::Arc;
use std::time::Duration;

use operations::{Clock, RouterCommandError, StatusBoard};
use store::{AccountingRepository, NasId};

use crate::actor::Inbox;
use crate::control::Ear;
use crate::devices::Devices;
use crate::link::Target;
use crate::schedule::Outcome;

/// Requests for a reading that may wait at once; one more is refused.
pub const READ_REQUESTS: usize = 16;

/// What polling one router needs.
pub struct PollerSetup {
    /// The router's row.
    pub nas: NasId,
    /// Address and credentials.
    pub target: Target,
    /// Time between two polls (Acct-Interim-Interval).
    pub interval: Duration,
    /// Says which enrolled counters are asked for.
    pub repository: Arc<dyn AccountingRepository>,
    /// Which devices other entries hold.
    pub devices: Arc<Devices>,
    /// Where snapshots go.
    pub inbox: Arc<Inbox>,
    /// What the control connection heard.
    pub ear: Arc<Ear>,
    /// Where the state is shown.
    pub board: StatusBoard,
    /// Clocks.
    pub clock: Arc<dyn Clock>,
}

/// How a connection ended.
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    /// Another entry holds the device: worth another try as soon as the registry changes.
    pub(super) duplicate: bool,
    /// For whoever asks for a reading meanwhile.
    pub(super) told: RouterCommandError,
}
