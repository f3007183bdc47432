//! What would be sent to a router for a change that is only thought of: by the same plans as when it is done.

use operations::{LimitChange, PlannedChange, RouterCommandError, ThoughtVouchers, think_of_vouchers};
use store::{HoldSubject, Nas, StoreError};
use tokio::sync::oneshot;

use super::Supervisor;
use super::vouchers::{WITHIN, answer_of};
use crate::control::plan_alone;
use crate::holds::plan_undo;
use crate::vouchers::Order;

impl Supervisor {
    /// In the order in which it would be sent: devices of vouchers, queues, and what keeps people out.
    pub(super) async fn planned(
        &self,
        nas: Nas,
        change: PlannedChange,
    ) -> Result<Vec<String>, RouterCommandError> {
        match change {
            PlannedChange::LetIn(subject) => self.plan_to_let_in(&nas, Some(subject)).await,
            PlannedChange::Vouchers(..) => self.plan_vouchers(&nas, &change).await,
            PlannedChange::Enter => self.plan_entering(&nas).await,
            PlannedChange::Leave => {
                let mut commands = self.plan_vouchers(&nas, &change).await?;
                if self.store.limited_routers().await.map_err(stalled)?.contains(&nas.id) {
                    let queues = self.order_limits(nas.clone(), Some(LimitChange::Leave), true).await?;
                    commands.extend(queues.commands);
                }
                commands.extend(self.plan_to_let_in(&nas, None).await?);
                Ok(commands)
            }
        }
    }

    /// With the queues that would come or go with them; where the router is left those are planned with all others.
    async fn plan_vouchers(
        &self,
        nas: &Nas,
        change: &PlannedChange,
    ) -> Result<Vec<String>, RouterCommandError> {
        if !self.store.voucher_routers().await.map_err(stalled)?.contains(&nas.id) {
            return Ok(Vec::new());
        }
        let thought = self.think(nas, change).await.map_err(stalled)?;
        let limits = thought.limits();
        let (answer, answered) = oneshot::channel();
        {
            let running = self.running.lock().await;
            let router = running.get(&nas.id).ok_or_else(|| self.why_not_polled(nas.id))?;
            router.order_vouchers(Order::Plan(thought, answer))?;
        }
        let mut commands = answer_of(answered, WITHIN).await?;
        if let Some(limits) = limits {
            commands.extend(self.order_limits(nas.clone(), Some(limits), true).await?.commands);
        }
        Ok(commands)
    }

    async fn think(&self, nas: &Nas, change: &PlannedChange) -> Result<ThoughtVouchers, StoreError> {
        let now = self.lasting_time().await?.now(&*self.clock);
        let seen = self.config.vouchers.of(nas.id);
        think_of_vouchers(&*self.store, nas.id, change, (seen.as_ref(), now)).await
    }

    /// Nobody polls it, so it is looked at over a connection of its own.
    async fn plan_entering(&self, nas: &Nas) -> Result<Vec<String>, RouterCommandError> {
        let limits = self.wanted_now(nas.id).await.map_err(stalled)?;
        let vouchers = self.think(nas, &PlannedChange::Enter).await.map_err(stalled)?;
        let is_anybody_meant = !(vouchers.wanted.is_empty() && vouchers.leaving.is_empty());
        if limits.is_empty() && !is_anybody_meant {
            return Ok(Vec::new());
        }
        let now = self.lasting_time().await.map_err(stalled)?.now(&*self.clock);
        let (target, marks) = (self.target_of(nas).await?, self.registry.lock().await.mark.clone());
        let wanted = (limits, Some(vouchers).filter(|_| is_anybody_meant));
        let planned = plan_alone(&target, (nas.id, marks), wanted, now);
        tokio::time::timeout(WITHIN, planned).await.unwrap_or(Err(RouterCommandError::TimedOut))
    }

    /// `None`: everybody who is kept out. Nothing of one that was never placed is on the router.
    async fn plan_to_let_in(
        &self,
        nas: &Nas,
        subject: Option<HoldSubject>,
    ) -> Result<Vec<String>, RouterCommandError> {
        let mut holds = self.store.holds().await.map_err(stalled)?;
        holds.retain(|hold| {
            hold.nas == nas.id && hold.is_placed && subject.as_ref().is_none_or(|of| hold.subject == *of)
        });
        if holds.is_empty() {
            return Ok(Vec::new());
        }
        let (target, marks) = (self.target_of(nas).await?, self.registry.lock().await.mark.clone());
        plan_undo(&target, &holds, &marks).await.map_err(RouterCommandError::Unreachable)
    }
}

fn stalled(error: StoreError) -> RouterCommandError {
    RouterCommandError::StoreStalled(error.to_string())
}
