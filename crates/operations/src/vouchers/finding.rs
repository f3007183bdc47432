//! Finding vouchers, and how they stand.

use std::collections::HashMap;

use accounting::time::Micros;
use store::{
    IssuedVoucher, NasId, VoucherBatch, VoucherBatchId, VoucherBatchQuery, VoucherDevice, VoucherPhase,
    VoucherQuery, VoucherUsage,
};

use crate::error::OperationError;
use crate::limits::canonical_mac;
use crate::operations::Operations;

/// Vouchers of a batch that are read at once.
const PAGE: u32 = 1_000;

/// Which vouchers or batches are asked for; all when nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherFilter {
    /// Only of that batch.
    pub batch: Option<VoucherBatchId>,
    /// Only those that stand like this.
    pub phase: Option<VoucherPhase>,
    /// Only of that plan, exactly.
    pub plan: Option<String>,
    /// Only of that seller, exactly.
    pub seller: Option<String>,
    /// Only those that a device of this MAC, however it is written, was ever let in with; not of batches.
    pub mac: Option<String>,
}

/// A voucher as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownVoucher {
    /// The voucher, and what it gives.
    pub issued: IssuedVoucher,
    /// How it stands.
    pub phase: VoucherPhase,
    /// Microseconds that are left of its time; `None`: it has no limit.
    pub left_us: Option<u64>,
    /// When its time is over if it goes on like this; `None`: it does not run, or has no limit.
    pub ends_at: Option<Micros>,
}

/// A device that is or was a voucher's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownVoucherDevice {
    /// The device.
    pub device: VoucherDevice,
    /// The router's name; `None` of one that was removed.
    pub router: Option<String>,
    /// It is in, as its router showed it last.
    pub is_online: bool,
}

/// Who used a voucher, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownVoucherUse {
    /// All devices that it ever had, in the order in which they came.
    pub devices: Vec<ShownVoucherDevice>,
    /// What they moved.
    pub usage: VoucherUsage,
    /// Octets that are left, both ways together; `None`: no limit.
    pub left_octets: Option<u64>,
}

/// What owners type, as it is stored: in capitals, and without the blanks that sheets show it with.
pub fn stored_code(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).map(|sign| sign.to_ascii_uppercase()).collect()
}

impl Operations {
    /// Those of these codes, as they are stored, that are vouchers'.
    pub async fn known_voucher_codes(&self, codes: Vec<String>) -> Result<Vec<String>, OperationError> {
        Ok(self.store.known_vouchers(codes).await?)
    }

    /// Batches, newest first, before the one of that number.
    pub async fn list_voucher_batches(
        &self,
        filter: VoucherFilter,
        before: Option<VoucherBatchId>,
        limit: u32,
    ) -> Result<Vec<VoucherBatch>, OperationError> {
        let query = VoucherBatchQuery { plan: filter.plan, seller: filter.seller, before, limit };
        Ok(self.store.list_voucher_batches(query, self.lasting_now().await?).await?)
    }

    /// The batch of that number.
    pub async fn voucher_batch(&self, id: VoucherBatchId) -> Result<VoucherBatch, OperationError> {
        self.store.voucher_batch(id, self.lasting_now().await?).await?.ok_or_else(|| {
            OperationError::NotFound(format!(
                "there is no batch {id} of vouchers; nothing was changed. List them with: tikmeter voucher batches"
            ))
        })
    }

    /// The same, if all of it is theirs who asks.
    pub(crate) async fn whole_voucher_batch(
        &self,
        id: VoucherBatchId,
    ) -> Result<VoucherBatch, OperationError> {
        let batch = self.voucher_batch(id).await?;
        self.refuse_others_batch(&batch.issue.made_by)?;
        Ok(batch)
    }

    /// Vouchers, newest first, before that one.
    pub async fn list_vouchers(
        &self,
        filter: VoucherFilter,
        before: Option<store::VoucherId>,
        limit: u32,
    ) -> Result<Vec<ShownVoucher>, OperationError> {
        if let Some(batch) = filter.batch {
            self.voucher_batch(batch).await?;
        }
        let VoucherFilter { batch, phase, plan, seller, mac } = filter;
        let mac = mac.as_deref().map(canonical_mac).transpose()?;
        let whose = self.whose_vouchers();
        let query = VoucherQuery { batch, phase, plan, seller, mac, before, whose, limit };
        let now = self.lasting_now().await?;
        let found = self.store.list_vouchers(query, now).await?;
        Ok(found.into_iter().map(|issued| shown(issued, now)).collect())
    }

    /// The voucher of that code with all devices it ever had on routers that are reached, and what all of them moved.
    pub async fn voucher(&self, code: &str) -> Result<(ShownVoucher, ShownVoucherUse), OperationError> {
        let now = self.lasting_now().await?;
        let found = self.store.voucher_by_code_within(stored_code(code), self.whose_vouchers()).await?;
        let (issued, devices) = found.ok_or_else(|| no_such(code))?;
        let id = issued.voucher.id;
        let usage = self.store.voucher_usage(vec![id]).await?.into_iter().next().unwrap_or_default();
        let online = self.store.voucher_devices_online(id).await?;
        let left_octets = issued.issue.terms.quota_octets.map(|quota| quota.saturating_sub(usage.moved));
        let shown = shown(issued, now);
        let routers = self.store.list_nas().await?;
        let routers: HashMap<NasId, String> =
            routers.into_iter().map(|nas| (nas.id, nas.config.name)).collect();
        let with_router = |device: VoucherDevice| {
            let router = routers.get(&device.nas).cloned();
            let is_online = shown.phase == VoucherPhase::Running && online.contains(&device.id);
            ShownVoucherDevice { device, router, is_online }
        };
        let devices = devices.into_iter().map(with_router).collect();
        Ok((shown, ShownVoucherUse { devices, usage, left_octets }))
    }

    /// All of a batch in the order in which they were made.
    pub(super) async fn all_of_batch(
        &self,
        batch: VoucherBatchId,
    ) -> Result<Vec<ShownVoucher>, OperationError> {
        let filter = VoucherFilter { batch: Some(batch), ..VoucherFilter::default() };
        let mut all: Vec<ShownVoucher> = Vec::new();
        loop {
            let before = all.last().map(|last| last.issued.voucher.id);
            let page = self.list_vouchers(filter.clone(), before, PAGE).await?;
            if page.is_empty() {
                break;
            }
            all.extend(page);
        }
        all.reverse();
        Ok(all)
    }
}

/// As it stands at an instant.
pub(super) fn shown(issued: IssuedVoucher, now: Micros) -> ShownVoucher {
    let IssuedVoucher { voucher, issue } = &issued;
    let phase = voucher.phase(now);
    let ends_at =
        voucher.clock.ends_at().filter(|_| matches!(phase, VoucherPhase::Running | VoucherPhase::Over));
    ShownVoucher { phase, left_us: voucher.left_us(&issue.terms, now), ends_at, issued }
}

pub(super) fn no_such(code: &str) -> OperationError {
    OperationError::NotFound(format!(
        "there is no voucher {}; nothing was changed. List them with: tikmeter voucher list",
        code.escape_debug()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_same_however_they_are_typed() {
        for typed in ["ABCD2345", "abcd2345", " abcd 2345 ", "AbCd\u{a0}2345\n"] {
            assert_eq!(stored_code(typed), "ABCD2345");
        }
    }
}
