//! What somebody who waits wants of a router's limits.

use operations::{LimitsKept, RouterCommandError};
use store::WantedLimit;
use tokio::sync::oneshot;

/// What comes of a pass.
pub type Kept = Result<LimitsKept, RouterCommandError>;

/// What a pass is for.
#[derive(Debug, Default)]
pub struct Order {
    /// What is to be thought of as wanted; `None`: what is wanted when its turn comes.
    pub thought: Option<Vec<WantedLimit>>,
    /// Only find out what would be sent.
    pub dry_run: bool,
    /// Those who wait for it.
    pub answers: Vec<oneshot::Sender<Kept>>,
}

impl Order {
    /// Tells those who wait.
    pub(super) fn answer(&mut self, kept: &Kept) {
        for answer in self.answers.drain(..) {
            // Whoever went away does not want it.
            let _ = answer.send(kept.clone());
        }
    }

    /// Whether one pass is for this and for any other that says so: both want what is wanted when it begins.
    pub(super) fn can_join(&self) -> bool {
        !self.dry_run && self.thought.is_none()
    }
}
