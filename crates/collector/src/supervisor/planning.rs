//! What would be sent to a router for a change that is only thought of: by the same plans as when it is done.

use operations::{
    LimitChange, PlannedChange, RouterCommandError, VoucherAct, WhichVouchers, think_of_vouchers,
};
use store::{HoldSubject, Nas, StoreError};
use tokio::sync::oneshot;

use super::Supervisor;
use super::vouchers::{WITHIN, answer_of};
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
            PlannedChange::Vouchers(which, act) => self.plan_vouchers(&nas, Some((which, act))).await,
            PlannedChange::Leave => {
                let mut commands = self.plan_vouchers(&nas, None).await?;
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
        act: Option<(WhichVouchers, VoucherAct)>,
    ) -> Result<Vec<String>, RouterCommandError> {
        if !self.store.voucher_routers().await.map_err(stalled)?.contains(&nas.id) {
            return Ok(Vec::new());
        }
        let now = self.lasting_time().await.map_err(stalled)?.now(&*self.clock);
        let seen = self.config.vouchers.of(nas.id);
        let thought = think_of_vouchers(&*self.store, nas.id, act, (seen.as_ref(), now)).await;
        let thought = thought.map_err(stalled)?;
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
