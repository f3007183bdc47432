//! What goes over Redis between processes, and how each of it stands: a cable that is cut, or a right that is missing, may
//! stop one of them and not the others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Something that processes do over Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RedisUse {
    /// Giving commands to others.
    CommandsGiven,
    /// Taking the commands of others.
    CommandsTaken,
    /// Telling others what became of theirs.
    AnswersGiven,
    /// Hearing what became of those that were given.
    Answers,
    /// Telling others who is watched, and the samples of own routers.
    WatchingTold,
    /// Hearing the same of others.
    WatchingHeard,
}

impl RedisUse {
    /// Its name in metrics and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            RedisUse::CommandsGiven => "commands_given",
            RedisUse::CommandsTaken => "commands_taken",
            RedisUse::AnswersGiven => "answers_given",
            RedisUse::Answers => "answers",
            RedisUse::WatchingTold => "watching_told",
            RedisUse::WatchingHeard => "watching_heard",
        }
    }
}

/// How those stand that were tried; cheap to clone, clones show the same.
#[derive(Clone, Debug, Default)]
pub struct RedisUses(Arc<Mutex<BTreeMap<RedisUse, Option<String>>>>);

impl RedisUses {
    /// Each with why it cannot be done at the moment, in a sentence, where it cannot.
    pub fn all(&self) -> Vec<(RedisUse, Option<String>)> {
        let uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        uses.iter().map(|(what, trouble)| (*what, trouble.clone())).collect()
    }

    /// It is not known any more how it stands: it was not tried since.
    pub(crate) fn forget(&self, what: RedisUse) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&what);
    }

    /// How it went just now. What is news is logged.
    pub(crate) fn went<T>(&self, what: RedisUse, how: &Result<T, String>) {
        let trouble = how.as_ref().err().cloned();
        let before = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(what, trouble.clone());
        match (before.flatten(), trouble) {
            (before, Some(why)) if before.as_ref() != Some(&why) => {
                tracing::warn!(what = what.as_str(), %why, "Redis does not carry what goes between processes");
            }
            (Some(_), None) => tracing::info!(what = what.as_str(), "Redis carries it again"),
            _ => {}
        }
    }
}
