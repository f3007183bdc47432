//! Which sessions limits end with: asked of the books once for each limit, and ended there as soon as a router shows others in
//! their place.

use std::collections::BTreeMap;
use std::sync::Arc;

use store::{LimitSessions, LimitSubject, LimitUntil, NasId, StoreError, WantedLimit};

use super::{Supervisor, Telling};

impl Supervisor {
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

/// By whom each is for, the session that it ends with.
fn ending(wanted: &[WantedLimit]) -> BTreeMap<&LimitSubject, u64> {
    let session = |limit: &WantedLimit| match limit.until {
        LimitUntil::Session(no) => Some(no),
        LimitUntil::At(_) | LimitUntil::Lasting(_) | LimitUntil::Removed => None,
    };
    wanted.iter().filter_map(|limit| Some((&limit.subject, session(limit)?))).collect()
}
