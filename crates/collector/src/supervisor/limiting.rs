//! Speed limits: what the database wants is told to the routers of this process every few seconds, and passes are ordered by those
//! who wait for them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use operations::{LimitChange, LimitsKept, RouterCommandError, RouterLimits, wanted_limits};
use store::{LimitsDue, Nas, NasId, StoreError, WantedLimit};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::Supervisor;
use crate::limits::Order;

/// Between two looks at what is wanted.
const EVERY: Duration = Duration::from_secs(5);
/// Whoever asks for a pass is answered within this time.
const WITHIN: Duration = Duration::from_secs(20);

impl Supervisor {
    /// Tells routers what is wanted of them until `stop`. A database that does not answer changes nothing.
    pub(super) async fn keep_telling_limits(self: Arc<Self>, stop: CancellationToken) {
        while stop.run_until_cancelled(self.until_limits_are_told()).await.is_some() {
            if let Some(Err(error)) = stop.run_until_cancelled(self.tell_limits()).await {
                tracing::warn!(%error, "limits are kept as they were wanted before");
            }
            stop.run_until_cancelled(self.write_down_passes()).await;
        }
    }

    /// What keepers sent by themselves goes to the journal.
    async fn write_down_passes(&self) {
        for passes in [self.config.limits.passes(), self.config.vouchers.passes()] {
            if let Err(error) = passes.write_down(&*self.store).await {
                tracing::warn!(%error, "what was sent to routers by itself is in the journal when the database can be asked again");
            }
        }
    }

    /// Some of them may be over before.
    async fn until_limits_are_told(&self) {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = self.config.limits.found_over() => {}
        }
    }

    /// Tells them what is wanted now.
    pub(super) async fn tell_limits(&self) -> Result<(), StoreError> {
        let mut telling = self.telling_limits.lock().await;
        telling.told += 1;
        let mut limited: HashSet<NasId> = self.store.limited_routers().await?.into_iter().collect();
        if !limited.is_empty() {
            self.end_limits().await?;
        }
        let wanted = wanted_limits(&*self.store, None).await?;
        let is_idle = limited.is_empty() && wanted.is_empty();
        if is_idle && self.running.lock().await.values().all(|router| !router.is_limited()) {
            return Ok(());
        }
        let mut wanted = by_router(wanted);
        let mut sessions = self.sessions_of_own(&mut telling, &wanted).await?;
        limited.extend(self.mark(&limited, wanted.keys().copied()).await?);
        let mut free = Vec::new();
        for (nas, router) in &*self.running.lock().await {
            let is_left = self.limits_leave.is_left(*nas);
            let wanted: Arc<[WantedLimit]> =
                wanted.remove(nas).filter(|_| !is_left).unwrap_or_default().into();
            let is_asked = limited.contains(nas);
            let knows_it = router.told_that_none_is_wanted().filter(|_| is_asked && wanted.is_empty());
            if knows_it.is_some_and(|since| self.shows_none(*nas, since)) {
                free.push(*nas);
                continue;
            }
            let sessions = sessions.remove(nas).filter(|_| !is_left).unwrap_or_default();
            router.want_limits(RouterLimits { wanted, sessions, is_asked, told: telling.told });
        }
        for nas in free {
            self.store.free_of_limits(nas).await?;
        }
        Ok(())
    }

    /// What is wanted of a router, after that was ended whose time has come.
    pub(super) async fn wanted_now(&self, nas: NasId) -> Result<Vec<WantedLimit>, StoreError> {
        self.end_limits().await?;
        wanted_limits(&*self.store, Some(nas)).await
    }

    /// Ends those whose session, time or router is over. They are read after a clock that was set was made up for.
    async fn end_limits(&self) -> Result<(), StoreError> {
        self.end_limits_seen_over().await?;
        let lasting = self.lasting_time().await?.now(&*self.clock);
        self.store.end_limits(LimitsDue { wall: self.clock.now(), lasting }).await.map(drop)
    }

    /// Says of those routers of this process of which it is not said yet that something of ours may be on them from now on.
    async fn mark(
        &self,
        limited: &HashSet<NasId>,
        wanted: impl Iterator<Item = NasId>,
    ) -> Result<Vec<NasId>, StoreError> {
        let mut new: Vec<NasId> = wanted.filter(|nas| !limited.contains(nas)).collect();
        if !new.is_empty() {
            let running = self.running.lock().await;
            new.retain(|nas| running.contains_key(nas));
        }
        if !new.is_empty() {
            self.store.mark_limited(new.clone()).await?;
        }
        Ok(new)
    }

    /// Whether the router showed nothing of ours when it was looked at last, by a look that began after it was told that none is
    /// wanted: a pass that began before may be adding a queue yet.
    fn shows_none(&self, nas: NasId, told: u64) -> bool {
        let seen = self.config.limits.of(nas).filter(|seen| seen.told == told);
        seen.is_some_and(|seen| seen.kept.is_ok_and(|kept| kept.ours == 0))
    }

    /// Has the queues of a router made what is wanted, now; with a dry run only finds out what would be sent, also with a
    /// change in mind.
    pub(super) async fn order_limits(
        &self,
        nas: Nas,
        change: Option<LimitChange>,
        dry_run: bool,
    ) -> Result<LimitsKept, RouterCommandError> {
        let (answer, answered) = oneshot::channel();
        let about = change.as_ref().and_then(LimitChange::about).cloned();
        {
            let mut telling = self.telling_limits.lock().await;
            telling.told += 1;
            let stalled = |error: StoreError| RouterCommandError::StoreStalled(error.to_string());
            let wanted = self.wanted_now(nas.id).await.map_err(stalled)?;
            if !dry_run && !wanted.is_empty() {
                let limited = self.store.limited_routers().await.map_err(stalled)?.into_iter().collect();
                self.mark(&limited, std::iter::once(nas.id)).await.map_err(stalled)?;
            }
            let sessions = self.limit_sessions(&mut telling, nas.id, &wanted).await.map_err(stalled)?;
            let running = self.running.lock().await;
            let router = running.get(&nas.id).ok_or_else(|| self.why_not_polled(nas.id))?;
            // What somebody orders while the router is being left would stand there for good.
            let is_left = change == Some(LimitChange::Leave) || !dry_run && self.limits_leave.is_left(nas.id);
            let change = if is_left { Some(LimitChange::Leave) } else { change };
            let wanted = change.map_or_else(|| wanted.clone(), |change| change.apply(wanted.clone()));
            if !dry_run {
                if is_left {
                    self.limits_leave.begin(nas.id);
                }
                // Whatever comes of the order, it is kept from now on.
                let wanted = wanted.clone().into();
                router.want_limits(RouterLimits { wanted, sessions, is_asked: true, told: telling.told });
            }
            let thought = dry_run.then_some(wanted);
            router.order_limits(Order { thought, dry_run, answers: vec![answer] })?;
        }
        match tokio::time::timeout(WITHIN, answered).await {
            Ok(Ok(kept)) => kept.map(|kept| match &about {
                Some(subject) => kept.about(subject),
                None => kept,
            }),
            Ok(Err(_)) => Err(RouterCommandError::NotPolled),
            Err(_) => Err(RouterCommandError::Unknown(
                "the router was too slow to show its queues in time; they are kept as is wanted as soon as it does".to_owned(),
            )),
        }
    }
}

fn by_router(wanted: Vec<WantedLimit>) -> HashMap<NasId, Vec<WantedLimit>> {
    let mut by_router: HashMap<NasId, Vec<WantedLimit>> = HashMap::new();
    for limit in wanted {
        by_router.entry(limit.nas).or_default().push(limit);
    }
    by_router
}
