//! How a voucher stands, for who has it.

use accounting::time::Micros;
use store::{
    IssuedVoucher, NasId, StoreError, Voucher, VoucherDevice, VoucherDeviceId, VoucherDeviceState,
    VoucherHolder, VoucherPhase, VoucherUsage,
};

use super::device::{StandsHow, VoucherStanding};
use super::finding::stored_code;
use crate::error::OperationError;
use crate::limits::canonical_mac;
use crate::operations::Operations;
use crate::process_token::hash;

impl Operations {
    /// By its code; `None` where there is none that is good now.
    pub async fn voucher_by_code(&self, code: &str) -> Result<Option<VoucherStanding>, OperationError> {
        let now = self.lasting_now().await?;
        let found = self.store.voucher_by_code(stored_code(code)).await?;
        let Some((issued, _)) = found else { return Ok(None) };
        if matches!(issued.voucher.phase(now), VoucherPhase::Over | VoucherPhase::Revoked) {
            return Ok(None);
        }
        self.standing(&issued, None, now).await.map(Some)
    }

    /// Of a device at a router; `None` where no voucher lets it in.
    pub async fn voucher_by_device(
        &self,
        nas: NasId,
        mac: &str,
    ) -> Result<Option<VoucherStanding>, OperationError> {
        let now = self.lasting_now().await?;
        let holder = self.store.voucher_of_device(nas, canonical_mac(mac)?).await?;
        self.standing_of(holder, now).await
    }

    /// Of the device whose owner got that proof; `None` where no voucher lets it in, or the device is out and others have all places.
    pub async fn voucher_by_proof(&self, proof: &str) -> Result<Option<VoucherStanding>, OperationError> {
        let now = self.lasting_now().await?;
        let Some(holder) = self.store.voucher_of_proof(hash(proof)).await? else { return Ok(None) };
        let is_live = holder.device.state != VoucherDeviceState::Out;
        let has_place = is_live || self.has_place(&holder.issued.voucher.code, &holder.device.mac).await?;
        self.standing_of(has_place.then_some(holder), now).await
    }

    /// Whether the voucher of that code has a place for the device: fewer others than it lets in are live.
    pub(super) async fn has_place(&self, code: &str, mac: &str) -> Result<bool, StoreError> {
        let found = self.store.voucher_by_code(code.to_owned()).await?;
        let Some((issued, devices)) = found else { return Ok(false) };
        let is_live = |device: &&VoucherDevice| device.state != VoucherDeviceState::Out && device.mac != mac;
        let live = devices.iter().filter(is_live).count();
        Ok(live < usize::try_from(issued.issue.terms.devices).unwrap_or(usize::MAX))
    }

    async fn standing_of(
        &self,
        holder: Option<VoucherHolder>,
        now: Micros,
    ) -> Result<Option<VoucherStanding>, OperationError> {
        let Some(VoucherHolder { issued, device }) = holder else { return Ok(None) };
        self.standing(&issued, Some(device.id), now).await.map(Some)
    }

    /// `device`: of that one; else of any.
    async fn standing(
        &self,
        issued: &IssuedVoucher,
        device: Option<VoucherDeviceId>,
        now: Micros,
    ) -> Result<VoucherStanding, OperationError> {
        let online = self.store.voucher_devices_online(issued.voucher.id).await?;
        let is_online = device.map_or(!online.is_empty(), |device| online.contains(&device));
        let usage = self.usage_of(issued).await?;
        let (how, terms) = (stands(&issued.voucher, is_online, now), &issued.issue.terms);
        Ok(VoucherStanding {
            active: how == StandsHow::Online,
            how,
            left_us: issued.voucher.left_us(terms, now),
            left_octets: terms.quota_octets.map(|quota| quota.saturating_sub(usage.moved)),
            as_of: usage.as_of,
            rate: terms.rate,
        })
    }

    /// What the voucher's devices moved; nothing where nobody asks.
    pub(super) async fn usage_of(&self, issued: &IssuedVoucher) -> Result<VoucherUsage, StoreError> {
        if issued.issue.terms.quota_octets.is_none() {
            return Ok(VoucherUsage::default());
        }
        let usage = self.store.voucher_usage(vec![issued.voucher.id]).await?;
        Ok(usage.into_iter().next().unwrap_or_default())
    }
}

/// How it stands; `is_online`: the device in question is in.
fn stands(voucher: &Voucher, is_online: bool, now: Micros) -> StandsHow {
    match voucher.phase(now) {
        VoucherPhase::Unused => StandsHow::Unused,
        VoucherPhase::Running if is_online => StandsHow::Online,
        VoucherPhase::Running => StandsHow::Away,
        VoucherPhase::Paused => StandsHow::Paused,
        VoucherPhase::Over if voucher.used_up_at.is_some() => StandsHow::DataOver,
        VoucherPhase::Over => StandsHow::TimeOver,
        VoucherPhase::Revoked => StandsHow::Revoked,
    }
}
