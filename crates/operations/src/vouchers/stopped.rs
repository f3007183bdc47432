//! Why the voucher that somebody was in with lets them in no more, or not now: for who has its key or the device itself. By a code nobody
//! is told.

use store::{NasId, VoucherHolder, VoucherPhase};

use super::login::left_octets;
use crate::error::OperationError;
use crate::limits::canonical_mac;
use crate::operations::Operations;
use crate::process_token::hash;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoucherStop {
    /// Somebody stopped its time; what is left waits.
    Paused {
        /// Microseconds; `None`: no limit.
        left_us: Option<u64>,
        /// Octets, both ways together; `None`: no limit.
        left_octets: Option<u64>,
    },
    /// Its time is used up.
    TimeOver,
    /// Its data is used up.
    DataOver,
    /// Somebody took it out of use.
    Revoked,
}

impl Operations {
    /// Of the voucher that the owner of that proof, or that device, was in with last; `None` where it is good, or none is known.
    pub async fn voucher_stop(
        &self,
        proof: Option<&str>,
        device: Option<(NasId, &str)>,
    ) -> Result<Option<VoucherStop>, OperationError> {
        let Some(last) = self.last_holder(proof, device).await? else { return Ok(None) };
        let (now, voucher) = (self.lasting_now().await?, &last.issued.voucher);
        Ok(match voucher.phase(now) {
            VoucherPhase::Unused | VoucherPhase::Running => None,
            VoucherPhase::Paused => Some(VoucherStop::Paused {
                left_us: voucher.left_us(&last.issued.issue.terms, now),
                left_octets: left_octets(&last, self.usage_of(&last.issued).await?.moved),
            }),
            VoucherPhase::Over if voucher.used_up_at.is_some() => Some(VoucherStop::DataOver),
            VoucherPhase::Over => Some(VoucherStop::TimeOver),
            VoucherPhase::Revoked => Some(VoucherStop::Revoked),
        })
    }

    /// The device of that proof, or that device: whichever was wanted last.
    async fn last_holder(
        &self,
        proof: Option<&str>,
        device: Option<(NasId, &str)>,
    ) -> Result<Option<VoucherHolder>, OperationError> {
        let by_proof = match proof {
            Some(proof) => self.store.voucher_of_proof(hash(proof)).await?,
            None => None,
        };
        let by_device = match device {
            Some((nas, mac)) => self.store.last_voucher_device(nas, canonical_mac(mac)?).await?,
            None => None,
        };
        Ok(by_proof.into_iter().chain(by_device).max_by_key(|holder| holder.device.id))
    }
}
