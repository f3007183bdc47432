//! Which sessions limits end with: asked of the books once for each limit, and ended there as soon as a router shows others in
//! their place.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use store::{LimitSessions, LimitSubject, LimitUntil, NasId, StoreError, WantedLimit};

use super::{Supervisor, Telling};

/// What is known of routers.
type Known = HashMap<NasId, Arc<[LimitSessions]>>;

impl Supervisor {
    /// Those of the wanted limits of each router that this process has.
    pub(super) async fn sessions_of_own(
        &self,
        telling: &mut Telling,
        wanted: &HashMap<NasId, Vec<WantedLimit>>,
    ) -> Result<Known, StoreError> {
        let own = self.running.lock().await.keys().copied().collect();
        let mut sessions = HashMap::new();
        for nas in only_own(&mut telling.sessions, own, wanted) {
            sessions.insert(nas, self.limit_sessions(telling, nas, &wanted[&nas]).await?);
        }
        Ok(sessions)
    }

    /// Those of the wanted limits of a router. They are asked for when a limit is new: what the books learn later, they learn
    /// after the router showed it.
    pub(super) async fn limit_sessions(
        &self,
        telling: &mut Telling,
        nas: NasId,
        wanted: &[WantedLimit],
    ) -> Result<Arc<[LimitSessions]>, StoreError> {
        let ending = ending(wanted);
        if ending.is_empty() {
            telling.sessions.remove(&nas);
            return Ok(Arc::default());
        }
        let known = telling.sessions.entry(nas).or_default();
        let is_known = |of: &LimitSessions| ending.get(&of.subject) == Some(&of.until);
        if known.len() == ending.len() && known.iter().all(is_known) {
            return Ok(known.clone());
        }
        let mut all: BTreeMap<LimitSubject, LimitSessions> = BTreeMap::new();
        let asked = self.store.limit_sessions(nas).await?;
        for of in asked.into_iter().chain(known.iter().cloned()).filter(is_known) {
            all.insert(of.subject.clone(), of);
        }
        *known = all.into_values().collect();
        Ok(known.clone())
    }

    /// Ends those that a router showed to be over.
    pub(super) async fn end_limits_seen_over(&self) -> Result<(), StoreError> {
        let over = self.config.limits.over();
        if !over.is_empty() {
            self.store.end_limits_seen_over(over, self.clock.now()).await?;
        }
        Ok(())
    }
}

/// Those of its own of which something is wanted. What is known of another is forgotten: when this process has it again the router's
/// clock is further, and the books have followed it (docs/adr/0014).
fn only_own(known: &mut Known, mut own: Vec<NasId>, wanted: &HashMap<NasId, Vec<WantedLimit>>) -> Vec<NasId> {
    own.retain(|nas| wanted.contains_key(nas));
    known.retain(|nas, _| own.contains(nas));
    own
}

/// By whom each is for, the session that it ends with.
fn ending(wanted: &[WantedLimit]) -> BTreeMap<&LimitSubject, u64> {
    let session = |limit: &WantedLimit| match limit.until {
        LimitUntil::Session(no) => Some(no),
        LimitUntil::At(_) | LimitUntil::Lasting(_) | LimitUntil::Removed => None,
    };
    wanted.iter().filter_map(|limit| Some((&limit.subject, session(limit)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_router_that_another_process_has_nothing_is_known_and_nothing_is_asked() {
        let (one, two, three) = (NasId(1), NasId(2), NasId(3));
        let mut known: Known = [one, two, three].map(|nas| (nas, Arc::default())).into();
        let wanted: HashMap<_, _> = [one, two].map(|nas| (nas, Vec::new())).into();
        assert_eq!(only_own(&mut known, vec![one, three], &wanted), [one], "of the third nothing is wanted");
        assert_eq!(known.into_keys().collect::<Vec<_>>(), [one], "the second is another's by now");
    }
}
