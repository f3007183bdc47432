//! Things that happen to the world just before a print is answered, so that a test can act between the tables
//! of one polling round.

use std::sync::{Mutex, PoisonError};

use super::plan::names;
use crate::world::World;

type Action = Box<dyn FnOnce(&mut World) + Send>;

struct Hook {
    path: String,
    /// 1 for the next matching print.
    coming: u32,
    action: Action,
}

#[derive(Default)]
pub(crate) struct Hooks {
    hooks: Mutex<Vec<Hook>>,
}

impl Hooks {
    pub(crate) fn add(&self, path: &str, nth: u32, action: Action) {
        let hook = Hook { path: path.to_owned(), coming: nth.max(1), action };
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner).push(hook);
    }

    /// Takes what is to happen before this print, in the order it was asked for.
    pub(crate) fn take(&self, path: &[u8]) -> Vec<Action> {
        let mut hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        for hook in hooks.iter_mut().filter(|hook| names(&hook.path, path)) {
            hook.coming -= 1;
        }
        hooks.extract_if(.., |hook| hook.coming == 0).map(|hook| hook.action).collect()
    }
}
