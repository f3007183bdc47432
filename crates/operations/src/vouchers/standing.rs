//! How a voucher stands, for who has it.

use accounting::time::Micros;
use store::{IssuedVoucher, NasId, StoreError, VoucherDeviceState, VoucherHolder, VoucherPhase};

use super::device::VoucherStanding;
use super::finding::stored_code;
use super::login::left_octets;
use crate::error::OperationError;
use crate::limits::canonical_mac;
use crate::operations::Operations;
use crate::process_token::hash;

impl Operations {
    /// By its code; `None` where there is none that is good now.
    pub async fn voucher_by_code(&self, code: &str) -> Result<Option<VoucherStanding>, OperationError> {
        let now = self.voucher_now().await?;
        let found = self.store.voucher_by_code(stored_code(code)).await?;
        let Some((issued, devices)) = found else { return Ok(None) };
        let phase = issued.voucher.phase(now);
        if matches!(phase, VoucherPhase::Over | VoucherPhase::Revoked) {
            return Ok(None);
        }
        let is_in = devices.iter().any(|device| device.state == VoucherDeviceState::In);
        let moved = self.moved_by(&issued).await?;
        Ok(Some(VoucherStanding {
            active: is_in && phase == VoucherPhase::Running,
            left_us: issued.voucher.left_us(&issued.issue.terms, now),
            left_octets: issued.issue.terms.quota_octets.map(|quota| quota.saturating_sub(moved)),
            rate: issued.issue.terms.rate,
        }))
    }

    /// Of a device at a router; `None` where no voucher lets it in.
    pub async fn voucher_by_device(
        &self,
        nas: NasId,
        mac: &str,
    ) -> Result<Option<VoucherStanding>, OperationError> {
        let now = self.voucher_now().await?;
        let holder = self.store.voucher_of_device(nas, canonical_mac(mac)?).await?;
        self.standing_of(holder, now).await
    }

    /// Of the device whose owner got that proof; `None` where no voucher lets it in.
    pub async fn voucher_by_proof(&self, proof: &str) -> Result<Option<VoucherStanding>, OperationError> {
        let now = self.voucher_now().await?;
        let holder = self.store.voucher_of_proof(hash(proof)).await?;
        self.standing_of(holder, now).await
    }

    async fn standing_of(
        &self,
        holder: Option<VoucherHolder>,
        now: Micros,
    ) -> Result<Option<VoucherStanding>, OperationError> {
        let Some(holder) = holder else { return Ok(None) };
        let moved = self.moved_by(&holder.issued).await?;
        let terms = &holder.issued.issue.terms;
        let is_in = holder.device.state == VoucherDeviceState::In;
        Ok(Some(VoucherStanding {
            active: is_in && holder.issued.voucher.phase(now) == VoucherPhase::Running,
            left_us: holder.issued.voucher.left_us(terms, now),
            left_octets: left_octets(&holder, moved),
            rate: terms.rate,
        }))
    }

    /// What the voucher's devices moved, as far as the books have it; 0 where nobody asks.
    pub(super) async fn moved_by(&self, issued: &IssuedVoucher) -> Result<u64, StoreError> {
        if issued.issue.terms.quota_octets.is_none() {
            return Ok(0);
        }
        let moved = self.store.voucher_octets(vec![issued.voucher.id]).await?;
        Ok(moved.first().map_or(0, |octets| octets.both()))
    }
}
