//! Those who are kept out for a while are let in again when their time is over, also where it was over while no process ran. Each
//! router is asked over a connection of its own, and only when something is due.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use operations::{LastingTime, lasting_time, name_for_people};
use store::{Hold, HoldSubject, NasId, NewAudit, StoreError};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Supervisor;
use crate::holds::undo;

/// Between two looks at what is over.
const EVERY: Duration = Duration::from_secs(2);
/// A router that did not let them in is asked again after that, and after twice as long each time: every login grows its log.
const AGAIN: Duration = Duration::from_secs(10);
/// At the latest.
const AT_LEAST_EVERY: Duration = Duration::from_secs(300);

/// Routers that did not let somebody in.
type LeftAlone = HashMap<NasId, Alone>;

/// A router that is left alone for a while.
struct Alone {
    until: Instant,
    wait: Duration,
    /// Whom it was asked to let in: whoever's time is over since is tried at once.
    tried: Vec<HoldSubject>,
}

impl Alone {
    fn is_over(&self, holds: &[Hold], now: Instant) -> bool {
        self.until <= now || holds.iter().any(|hold| !self.tried.contains(&hold.subject))
    }
}

impl Supervisor {
    /// Lets them in again until `stop`.
    pub(super) async fn keep_ending_holds(self: Arc<Self>, stop: CancellationToken) {
        let mut left_alone = LeftAlone::new();
        while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
            if let Some(Err(error)) = stop.run_until_cancelled(self.end_holds(&mut left_alone)).await {
                tracing::warn!(%error, "holds that are over cannot be looked up yet");
            }
        }
    }

    /// How the books count time on this host, after a clock that was set was made up for.
    pub(super) async fn lasting_time(&self) -> Result<LastingTime, StoreError> {
        lasting_time(&*self.store, &*self.clock, &self.config.node.name).await
    }

    async fn end_holds(self: &Arc<Self>, left_alone: &mut LeftAlone) -> Result<(), StoreError> {
        if self.store.holds().await?.is_empty() {
            return Ok(());
        }
        // They are read after a clock that was set was made up for.
        let (now, started) = (self.lasting_time().await?.now(&*self.clock), Instant::now());
        let mut due: BTreeMap<NasId, Vec<Hold>> = BTreeMap::new();
        for hold in self.store.holds().await? {
            if hold.until <= now {
                due.entry(hold.nas).or_default().push(hold);
            }
        }
        due.retain(|nas, holds| left_alone.get(nas).is_none_or(|alone| alone.is_over(holds, started)));
        let mut ending = JoinSet::new();
        for (nas, holds) in due {
            if self.running.lock().await.contains_key(&nas) {
                let supervisor = self.clone();
                let tried = holds.iter().map(|hold| hold.subject.clone()).collect();
                ending.spawn(async move { (nas, tried, supervisor.end_holds_of(nas, holds).await) });
            }
        }
        while let Some(ended) = ending.join_next().await {
            let (nas, tried, all) =
                ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
            if all {
                left_alone.remove(&nas);
            } else {
                let wait = left_alone.get(&nas).map_or(AGAIN, |alone| (alone.wait * 2).min(AT_LEAST_EVERY));
                left_alone.insert(nas, Alone { until: Instant::now() + wait, wait, tried });
            }
        }
        Ok(())
    }

    /// Whether all of them are over then, but those that somebody is placing at this moment: what does not stand yet would not be found,
    /// and then stand for good. They are looked at the next time.
    async fn end_holds_of(&self, nas: NasId, holds: Vec<Hold>) -> bool {
        let mine = |hold: Hold| Some((self.at_holds.try_begin(nas, hold.subject.parts().1)?, hold));
        let (_at_holds, mut holds): (Vec<_>, Vec<Hold>) = holds.into_iter().filter_map(mine).unzip();
        // Somebody may have been kept out anew before that.
        match self.store.holds().await {
            Ok(now) => holds.retain(|hold| now.contains(hold)),
            Err(error) => {
                tracing::warn!(%nas, %error, "those whose hold is over are let in when the database can be asked again");
                return false;
            }
        }
        // Nothing of one that was never placed is on the router.
        let (placed, thought): (Vec<Hold>, Vec<Hold>) = holds.into_iter().partition(|hold| hold.is_placed);
        let mut all = true;
        for hold in thought {
            all &= self.note_end(hold, &[]).await;
        }
        if placed.is_empty() {
            return all;
        }
        match self.undo_placed(nas, &placed).await {
            Ok(undone) => {
                all &= undone.len() == placed.len();
                for (hold, undone) in undone {
                    all &= self.judge_undone(hold, undone).await;
                }
                all
            }
            Err(why) => {
                tracing::warn!(%nas, %why, "those whose hold is over cannot be let in yet; tried again");
                false
            }
        }
    }

    async fn undo_placed(
        &self,
        nas: NasId,
        placed: &[Hold],
    ) -> Result<Vec<(Hold, Result<Vec<String>, String>)>, String> {
        let entry = self.store.nas_by_id(nas).await.map_err(|error| error.to_string())?;
        let entry = entry.ok_or_else(|| "the router is not there any more".to_owned())?;
        let target = self.target_of(&entry).await.map_err(|error| error.to_string())?;
        let marks = self.registry.lock().await.mark.clone();
        undo(&target, placed, &marks).await.map_err(|error| error.to_string())
    }

    async fn judge_undone(&self, hold: Hold, undone: Result<Vec<String>, String>) -> bool {
        match undone {
            Ok(commands) => self.note_end(hold, &commands).await,
            Err(why) => {
                let (_, name) = hold.subject.parts();
                tracing::warn!(whom = name_for_people(name), %why, "a hold is over and is not undone; tried again");
                false
            }
        }
    }

    async fn note_end(&self, hold: Hold, commands: &[String]) -> bool {
        let (kind, name) = hold.subject.parts();
        let whom = name_for_people(name);
        let act = NewAudit::by_system(self.clock.now(), "hold.end", &name.escape_ascii().to_string());
        let detail = format!(r#"{{"nas":{},"kind":"{kind}","commands":{}}}"#, hold.nas.0, commands.len());
        match self.store.end_hold(hold, NewAudit { detail, ..act }).await {
            Ok(_) => {
                tracing::info!(whom, "the hold is over");
                true
            }
            Err(error) => {
                tracing::warn!(whom, %error, "a hold is over, and the database does not say so yet; tried again");
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use accounting::time::Micros;

    use super::*;

    fn hold(login: &[u8]) -> Hold {
        let (subject, until) = (HoldSubject::Ppp(login.to_vec()), Micros(0));
        Hold { nas: NasId(1), subject, until, is_placed: true, set_by: "eva".to_owned(), set_at: Micros(0) }
    }

    #[tokio::test]
    async fn a_router_that_is_left_alone_is_asked_for_whoever_was_not_tried_yet() {
        let (now, wait) = (Instant::now(), AGAIN);
        let alone = Alone { until: now + wait, wait, tried: vec![hold(b"ana").subject] };
        assert!(!alone.is_over(&[hold(b"ana")], now));
        assert!(alone.is_over(&[hold(b"ana")], now + wait));
        assert!(alone.is_over(&[hold(b"ana"), hold(b"eva")], now), "her time was over since");
    }
}
