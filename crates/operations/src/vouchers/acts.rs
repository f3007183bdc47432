//! Stopping the time of vouchers, letting it go on, and taking them out of use. Routers follow what is wanted here within seconds.

use serde_json::{Value, json};
use store::{
    IssuedVoucher, NewAudit, StoreError, Voucher, VoucherBatch, VoucherBatchId, VoucherId, VoucherPhase,
};

use super::finding::{ShownVoucher, no_such, shown, stored_code};
use super::speed::ACTOR;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::planned_change::VoucherAct;

impl Operations {
    /// The voucher of that code, to which that can be done.
    pub(crate) async fn voucher_for(&self, code: &str, act: VoucherAct) -> Result<VoucherId, OperationError> {
        let (issued, now) = (self.issued(code).await?, self.lasting_now().await?);
        let phase = issued.voucher.phase(now);
        match act.fits(phase) {
            true => Ok(issued.voucher.id),
            false => Err(cannot(&issued.voucher.code, phase, act)),
        }
    }

    /// Stops the time of a voucher that runs: its devices are taken off the routers, and not a second is used until it goes on.
    pub async fn pause_voucher(&self, actor: &str, code: &str) -> Result<ShownVoucher, OperationError> {
        let issued = self.issued(code).await?;
        let act = self.voucher_act_of(actor, "voucher.pause", &issued.voucher.code).await?;
        let paused = self.store.pause_voucher(issued.voucher.id, act).await?;
        self.after(code, issued, paused, VoucherAct::Pause).await
    }

    /// Lets the time of one that is paused go on.
    pub async fn resume_voucher(&self, actor: &str, code: &str) -> Result<ShownVoucher, OperationError> {
        let issued = self.issued(code).await?;
        let act = self.voucher_act_of(actor, "voucher.resume", &issued.voucher.code).await?;
        let resumed = self.store.resume_voucher(issued.voucher.id, act).await?;
        self.after(code, issued, resumed, VoucherAct::Resume).await
    }

    /// Takes a voucher out of use for good: nobody is let in with it, and whoever is in is taken off.
    pub async fn revoke_voucher(&self, actor: &str, code: &str) -> Result<ShownVoucher, OperationError> {
        let issued = self.issued(code).await?;
        let act = self.voucher_act_of(actor, "voucher.revoke", &issued.voucher.code).await?;
        let revoked = self.store.revoke_voucher(issued.voucher.id, act).await?;
        self.after(code, issued, revoked, VoucherAct::Revoke).await
    }

    /// Stops the time of all vouchers of a batch that run; how many those were, and how the batch stands then.
    pub async fn pause_voucher_batch(
        &self,
        actor: &str,
        id: VoucherBatchId,
    ) -> Result<(u64, VoucherBatch), OperationError> {
        self.whole_voucher_batch(id).await?;
        let act = self.voucher_act_of(actor, "voucher.pause_batch", &id.to_string()).await?;
        let paused = self.store.pause_voucher_batch(id, act).await?;
        Ok((paused, self.voucher_batch(id).await?))
    }

    /// Lets the time of all vouchers of a batch go on that are paused, whoever paused them; how many those were, and how the batch
    /// stands then.
    pub async fn resume_voucher_batch(
        &self,
        actor: &str,
        id: VoucherBatchId,
    ) -> Result<(u64, VoucherBatch), OperationError> {
        self.whole_voucher_batch(id).await?;
        let act = self.voucher_act_of(actor, "voucher.resume_batch", &id.to_string()).await?;
        let resumed = self.store.resume_voucher_batch(id, act).await?;
        Ok((resumed, self.voucher_batch(id).await?))
    }

    /// Takes all vouchers of a batch out of use that are not over; how many those were, and how the batch stands then.
    pub async fn revoke_voucher_batch(
        &self,
        actor: &str,
        id: VoucherBatchId,
    ) -> Result<(u64, VoucherBatch), OperationError> {
        self.whole_voucher_batch(id).await?;
        let act = self.voucher_act_of(actor, "voucher.revoke_batch", &id.to_string()).await?;
        let revoked = self.store.revoke_voucher_batch(id, act).await?;
        Ok((revoked, self.voucher_batch(id).await?))
    }

    /// An act of a voucher's owner for the journal, now by that time.
    pub(super) async fn voucher_act(
        &self,
        action: &str,
        subject: &str,
        detail: Value,
    ) -> Result<NewAudit, StoreError> {
        Ok(NewAudit { at: self.lasting_now().await?, ..self.act(ACTOR, action, subject, detail) })
    }

    /// The same of a person.
    async fn voucher_act_of(&self, actor: &str, action: &str, subject: &str) -> Result<NewAudit, StoreError> {
        Ok(NewAudit { at: self.lasting_now().await?, ..self.act(actor, action, subject, json!({})) })
    }

    async fn issued(&self, code: &str) -> Result<IssuedVoucher, OperationError> {
        let found = self.store.voucher_by_code_within(stored_code(code), self.whose_vouchers()).await?;
        found.map(|(issued, _)| issued).ok_or_else(|| no_such(code))
    }

    /// As it stands then; or why that cannot be done to it.
    async fn after(
        &self,
        code: &str,
        issued: IssuedVoucher,
        done: Option<Voucher>,
        act: VoucherAct,
    ) -> Result<ShownVoucher, OperationError> {
        if let Some(voucher) = done {
            return Ok(shown(IssuedVoucher { voucher, ..issued }, self.lasting_now().await?));
        }
        let now = self.lasting_now().await?;
        let phase = self.issued(code).await?.voucher.phase(now);
        Err(cannot(&issued.voucher.code, phase, act))
    }
}

fn cannot(code: &str, phase: VoucherPhase, act: VoucherAct) -> OperationError {
    let why = match act {
        VoucherAct::Pause => "paused: only one that runs can be",
        VoucherAct::Resume => "resumed: only one that is paused can be",
        VoucherAct::Revoke => "revoked: it is of no use any more",
    };
    OperationError::Conflict(format!(
        "voucher {code} is {} and was not {why}. Nothing was changed",
        in_words(phase)
    ))
}

fn in_words(phase: VoucherPhase) -> &'static str {
    match phase {
        VoucherPhase::Unused => "not used yet",
        VoucherPhase::Running => "running",
        VoucherPhase::Paused => "paused",
        VoucherPhase::Over => "over",
        VoucherPhase::Revoked => "revoked",
    }
}
