//! What keepers sent to routers by themselves: a line in the journal for each pass that changed something. Who keeps a router does not
//! wait for the database, so that lines wait here until they are written.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounting::time::Micros;
use serde_json::json;
use store::{NasId, NewAudit, Store, StoreError};

/// Who did it, for the journal.
const ACTOR: &str = "keeper";
/// Lines that wait. Overflow rule: the oldest goes, and the log says so.
const MOST: usize = 1_000;
/// Commands of one pass that are told; of the rest how many they were.
const MOST_COMMANDS: usize = 100;

/// A pass that changed something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeeperPass {
    /// On which router.
    pub nas: NasId,
    /// When it ended (our clock).
    pub at: Micros,
    /// What is kept: the action in the journal.
    pub action: &'static str,
    /// The commands that were sent to change something, word by word, in their order.
    pub commands: Vec<String>,
    /// Why something does not stand as wanted all the same.
    pub stays: Option<String>,
}

/// Where they wait; cheap to clone, clones have the same.
#[derive(Clone, Debug, Default)]
pub struct KeeperPasses(Arc<Mutex<VecDeque<KeeperPass>>>);

impl KeeperPasses {
    /// One is over; without commands it changed nothing and is no news.
    pub fn note(&self, mut pass: KeeperPass) {
        if pass.commands.is_empty() {
            return;
        }
        let more = pass.commands.len().saturating_sub(MOST_COMMANDS);
        if more > 0 {
            pass.commands.truncate(MOST_COMMANDS);
            pass.commands.push(format!("and {more} more"));
        }
        let mut waiting = self.waiting();
        if waiting.len() == MOST && waiting.pop_front().is_some() {
            tracing::warn!(
                most = MOST,
                "what keepers sent to routers waits for the database; the oldest of it is in the log alone"
            );
        }
        waiting.push_back(pass);
    }

    /// One broke off after it had sent these; whether the router carried the last of them out is not known.
    pub fn note_broken(
        &self,
        (nas, at, action): (NasId, Micros, &'static str),
        commands: Vec<String>,
        why: &str,
    ) {
        let stays =
            format!("it broke off ({why}), so that it is not known whether the last command was carried out");
        self.note(KeeperPass { nas, at, action, commands, stays: Some(stays) });
    }

    /// Writes down what waits. What cannot be written waits on.
    ///
    /// # Errors
    /// Of the database.
    pub async fn write_down(&self, store: &dyn Store) -> Result<(), StoreError> {
        if self.waiting().is_empty() {
            return Ok(());
        }
        let routers = store.list_nas().await?;
        while let Some(pass) = self.first() {
            let name = routers.iter().find(|nas| nas.id == pass.nas).map(|nas| nas.config.name.clone());
            store.append_audit(act(&pass, &name.unwrap_or_else(|| pass.nas.0.to_string()))).await?;
            let mut waiting = self.waiting();
            if waiting.front() == Some(&pass) {
                waiting.pop_front();
            }
        }
        Ok(())
    }

    fn first(&self) -> Option<KeeperPass> {
        self.waiting().front().cloned()
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<KeeperPass>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn act(pass: &KeeperPass, router: &str) -> NewAudit {
    let outcome = if pass.stays.is_some() { "not_all" } else { "kept" };
    let detail =
        json!({ "router": router, "commands": pass.commands, "outcome": outcome, "told": pass.stays });
    NewAudit {
        actor: ACTOR.to_owned(),
        detail: detail.to_string(),
        ..NewAudit::by_system(pass.at, pass.action, router)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(at: i64, commands: usize) -> KeeperPass {
        let commands = vec!["/queue/simple/add".to_owned(); commands];
        KeeperPass { nas: NasId(1), at: Micros(at), action: "limit.pass", commands, stays: None }
    }

    #[test]
    fn what_waits_is_bounded_and_what_changed_nothing_is_no_news() {
        let passes = KeeperPasses::default();
        passes.note(pass(0, 0));
        assert_eq!(passes.first(), None);
        for at in 0..=1_000 {
            passes.note(pass(at, 1));
        }
        passes.note(pass(2_000, 0));
        let waiting = passes.waiting().len();
        assert_eq!((waiting, passes.first()), (1_000, Some(pass(1, 1))));
        let long = KeeperPasses::default();
        long.note(pass(0, 120));
        let told = long.first().unwrap().commands;
        assert_eq!((told.len(), &*told[100]), (101, "and 20 more"));
    }
}
