//! Ending the sessions of vouchers' devices: the books first, so that whoever is killed in between leaves nobody in.

use serde_json::json;
use store::{Nas, NasId, VoucherDevice, VoucherDeviceState, VoucherPhase};

use super::device::{AdmissionError, VoucherOwner};
use super::finding::stored_code;
use super::speed::{self, ACTOR};
use crate::operations::Operations;
use crate::process_token::hash;
use crate::router_commands::RouterCommandError;

impl Operations {
    /// Takes the devices off their routers that are meant; the voucher's time goes on, and its code lets a device in again.
    ///
    /// # Errors
    /// Nobody is in whom that could mean, or a router does not do it now. It is done then as soon as that can be.
    pub async fn end_voucher_session(&self, owner: VoucherOwner<'_>) -> Result<(), AdmissionError> {
        let (code, devices) = self.meant_by(owner).await?;
        let (mut routers, mut gone) = (Vec::new(), Vec::new());
        for device in devices {
            let act = self.act(ACTOR, "voucher.out", &code, json!({ "mac": device.mac }));
            let put_out = match device.state {
                VoucherDeviceState::In => self.store.put_out_voucher_device(device.id, act).await?,
                VoucherDeviceState::Wanted => self.store.take_back_voucher_device(device.id).await?,
                VoucherDeviceState::Out => false,
            };
            if put_out {
                routers.push(device.nas);
                gone.push(device);
            }
        }
        routers.dedup();
        for nas in &routers {
            self.take_off(*nas).await?;
        }
        // Not before: whoever is still in would be as fast as the line.
        for device in gone {
            self.unlimit(&device).await?;
        }
        for nas in routers {
            self.take_queues_off(nas).await?;
        }
        Ok(())
    }

    async fn meant_by(
        &self,
        owner: VoucherOwner<'_>,
    ) -> Result<(String, Vec<VoucherDevice>), AdmissionError> {
        match owner {
            VoucherOwner::Proof(proof) => {
                let holder =
                    self.store.voucher_of_proof(hash(proof)).await?.ok_or(AdmissionError::InvalidCode)?;
                Ok((holder.issued.voucher.code, vec![holder.device]))
            }
            VoucherOwner::Code(code) => {
                let found = self.store.voucher_by_code(stored_code(code)).await?;
                let (issued, mut devices) = found.ok_or(AdmissionError::InvalidCode)?;
                devices.retain(|device| device.state != VoucherDeviceState::Out);
                // Who only tries codes must not learn that there is one.
                match issued.voucher.phase(self.now()) {
                    VoucherPhase::Running if !devices.is_empty() => Ok((issued.voucher.code, devices)),
                    _ => Err(AdmissionError::InvalidCode),
                }
            }
        }
    }

    /// Access and queue go together; what people set goes when they said.
    async fn unlimit(&self, device: &VoucherDevice) -> Result<(), AdmissionError> {
        let subject = store::LimitSubject::Device(device.mac.clone().into_bytes());
        let limits = self.store.limits(Some(device.nas)).await?;
        if limits.iter().any(|limit| limit.subject == subject && limit.set_by == ACTOR) {
            let act = speed::act(self.now(), "limit.remove", device.nas, &device.mac);
            self.store.remove_limit(device.nas, subject, act).await?;
        }
        Ok(())
    }

    async fn take_off(&self, nas: NasId) -> Result<(), AdmissionError> {
        let Some(nas) = self.router_of(nas).await? else { return Ok(()) };
        match self.commands.keep_vouchers(nas).await?.stays {
            Some(why) => Err(RouterCommandError::Refused(why).into()),
            None => Ok(()),
        }
    }

    async fn take_queues_off(&self, nas: NasId) -> Result<(), AdmissionError> {
        let Some(nas) = self.router_of(nas).await? else { return Ok(()) };
        if let Err(error) = self.commands.keep_limits(nas, None, false).await {
            tracing::warn!(%error, "the queue of a device that was put out is removed as soon as can be");
        }
        Ok(())
    }

    /// One that was removed is asked nothing any more.
    async fn router_of(&self, nas: NasId) -> Result<Option<Nas>, AdmissionError> {
        Ok(self.store.list_nas().await?.into_iter().find(|router| router.id == nas))
    }
}
