//! What is said of a pass: what the router did not take, and how it stands then.

use std::collections::HashSet;

use operations::{LimitsKept, RouterCommandError};
use store::LimitSubject;

use super::aim::{Wish, aims};
use super::found::found;
use super::look::Seen;
use super::plan::Step;
use crate::link::LinkError;

/// What one did not get done.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Whose names other queues have.
    pub(super) taken: Vec<(LimitSubject, String)>,
    refused: Vec<(LimitSubject, String)>,
    /// Why one was not removed that nobody wants.
    not_removed: Option<String>,
    /// Word by word: these are not sent again.
    commands: HashSet<String>,
}

impl Said {
    /// The router did not take that.
    pub(super) fn refuse(&mut self, step: Step, error: &LinkError) {
        self.commands.insert(step.command.shown());
        match step.subject {
            Some(subject) => self.refused.push((subject, error.of_change())),
            None => self.not_removed = Some(error.of_change()),
        }
    }

    /// Leaves out what the router did not take in this pass.
    pub(super) fn leave_out(&self, steps: &mut Vec<Step>) {
        if !self.commands.is_empty() {
            steps.retain(|step| !self.commands.contains(&step.command.shown()));
        }
    }

    /// How it stands after these commands.
    pub(super) fn kept(
        &self,
        wishes: &[(LimitSubject, Wish)],
        commands: Vec<String>,
        seen: &Seen,
    ) -> LimitsKept {
        let aims = aims(wishes);
        let ours = || seen.queues.iter().filter(|queue| queue.is_ours());
        let stays = ours().any(|queue| !aims.contains_key(&*queue.name));
        let stays = stays.then(|| self.not_removed.clone().unwrap_or_else(still_there));
        let refused = [&*self.refused, &*self.taken].concat();
        let found = found(wishes, &refused, seen);
        LimitsKept { commands, found, refused: Vec::new(), ours: ours().count(), stays }
    }
}

fn still_there() -> String {
    "the router still shows a queue of ours that nobody wants any more".to_owned()
}

/// The router did not show what is there.
pub(super) fn failed(error: &LinkError, acted: bool) -> RouterCommandError {
    if acted { doubtful(&error.to_string()) } else { RouterCommandError::Refused(error.to_string()) }
}

/// It broke off.
pub(super) fn broke_off(why: &str, acted: bool) -> RouterCommandError {
    if acted { doubtful(why) } else { RouterCommandError::Unreachable(why.trim_end_matches('.').to_owned()) }
}

fn doubtful(why: &str) -> RouterCommandError {
    RouterCommandError::Unknown(format!(
        "the queues were being set when that broke off ({why}); they are looked at again within seconds of the next connection"
    ))
}
