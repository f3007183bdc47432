//! What would be sent to routers, asked before it is done.

use store::{Nas, VoucherBatchId};

use crate::error::OperationError;
use crate::holds::HoldWho;
use crate::operations::Operations;
use crate::planned_change::{PlannedChange, VoucherAct, WhichVouchers};
use crate::router_commands::RouterCommandError;
use crate::router_rules::{refuse_file_router, refuse_listed_router};

/// What would be sent to a router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterPlan {
    /// The router's name.
    pub router: String,
    /// The commands, word by word, in their order; or why it is not known.
    pub commands: Result<Vec<String>, RouterCommandError>,
}

impl Operations {
    /// What would be sent to a router if it was removed (`removes`), or disabled.
    pub async fn plan_leaving(&self, name: &str, removes: bool) -> Result<RouterPlan, OperationError> {
        let nas = self.nas(name).await?;
        match removes {
            true => refuse_listed_router(&nas)?,
            false => refuse_file_router(&nas)?,
        }
        Ok(self.plan_on(nas, PlannedChange::Leave).await)
    }

    /// What would be sent to a router if it was enabled: nothing where it is already, and where nothing is wanted of it.
    pub async fn plan_entering(&self, name: &str) -> Result<RouterPlan, OperationError> {
        let nas = self.nas(name).await?;
        refuse_file_router(&nas)?;
        if nas.config.enabled {
            return Ok(RouterPlan { router: nas.config.name, commands: Ok(Vec::new()) });
        }
        Ok(self.plan_on(nas, PlannedChange::Enter).await)
    }

    /// What would be sent if somebody who is kept out was let in.
    pub async fn plan_release(&self, who: HoldWho) -> Result<RouterPlan, OperationError> {
        let nas = self.nas(&who.router).await?;
        if self.store.hold_of(nas.id, who.subject.clone()).await?.is_none() {
            return Err(who.nobody());
        }
        Ok(self.plan_on(nas, PlannedChange::LetIn(who.subject)).await)
    }

    /// What would be sent if that was done to a voucher; of the routers where it has a device that is in, or to be, as far as they are
    /// reached.
    pub async fn plan_voucher(&self, code: &str, act: VoucherAct) -> Result<Vec<RouterPlan>, OperationError> {
        let voucher = self.voucher_for(code, act).await?;
        self.plan_vouchers(WhichVouchers::One(voucher), act).await
    }

    /// The same of all vouchers of a batch to which it can be done.
    pub async fn plan_voucher_batch(
        &self,
        batch: VoucherBatchId,
        act: VoucherAct,
    ) -> Result<Vec<RouterPlan>, OperationError> {
        self.whole_voucher_batch(batch).await?;
        self.plan_vouchers(WhichVouchers::Batch(batch), act).await
    }

    async fn plan_vouchers(
        &self,
        which: WhichVouchers,
        act: VoucherAct,
    ) -> Result<Vec<RouterPlan>, OperationError> {
        let marked = self.store.voucher_routers().await?;
        let mut plans = Vec::new();
        for nas in self.reached_routers().await?.into_iter().filter(|nas| marked.contains(&nas.id)) {
            let holders = self.store.voucher_devices(nas.id).await?;
            if holders.iter().any(|holder| which.means(&holder.issued.voucher)) {
                plans.push(self.plan_on(nas, PlannedChange::Vouchers(which, act)).await);
            }
        }
        Ok(plans)
    }

    async fn plan_on(&self, nas: Nas, change: PlannedChange) -> RouterPlan {
        let router = nas.config.name.clone();
        RouterPlan { router, commands: self.commands.plan_change(nas, change).await }
    }
}
