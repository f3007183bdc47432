//! Ending the sessions of vouchers' devices: the books first, so that whoever is killed in between leaves nobody in.

use serde_json::json;
use store::{Nas, NasId, VoucherDevice, VoucherDeviceState, VoucherHolder, VoucherPhase};

use super::device::{AdmissionError, VoucherOwner};
use super::finding::stored_code;
use super::speed::{self, ACTOR};
use crate::operations::Operations;
use crate::process_token::hash;
use crate::router_commands::RouterCommandError;

const STILL_IN: &str = "the router still shows the device; it is taken off as soon as can be";

impl Operations {
    /// Takes the devices off their routers that are meant; the voucher's time goes on, and its code lets a device in again.
    ///
    /// # Errors
    /// Nobody is in whom that could mean, or a router does not do it now. It is done then as soon as that can be.
    pub async fn end_voucher_session(&self, owner: VoucherOwner<'_>) -> Result<(), AdmissionError> {
        let (code, devices) = self.meant_by(owner).await?;
        let mut gone = Vec::new();
        for device in devices {
            let act = self.voucher_act("voucher.leave", &code, json!({ "mac": device.mac })).await?;
            if self.store.leave_voucher_device(device.id, act).await? {
                gone.push(device);
            }
        }
        self.see_off(&code, gone).await
    }

    /// Has devices that are to leave taken off their routers. Their places are free, and their queues go, when the routers showed
    /// them off: whoever is still in would be as fast as the line, and another would be in beside them.
    pub(super) async fn see_off(&self, code: &str, gone: Vec<VoucherDevice>) -> Result<(), AdmissionError> {
        let mut routers: Vec<NasId> = gone.iter().map(|device| device.nas).collect();
        routers.sort_unstable();
        routers.dedup();
        for nas in &routers {
            self.take_off(*nas, &gone).await?;
        }
        for device in gone {
            let act = self.voucher_act("voucher.out", code, json!({ "mac": device.mac })).await?;
            match device.state {
                VoucherDeviceState::Wanted => {
                    self.store.take_back_voucher_device(device.id).await?;
                }
                VoucherDeviceState::In | VoucherDeviceState::Out => {
                    self.store.put_out_voucher_device(device.id, act).await?;
                }
            }
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
                let holder = self.store.voucher_of_proof(hash(proof)).await?;
                let VoucherHolder { issued, device } = holder.ok_or(AdmissionError::InvalidCode)?;
                // Whoever is off already is told so, as who presses twice.
                let live = Some(device).filter(|device| device.state != VoucherDeviceState::Out);
                Ok((issued.voucher.code, live.into_iter().collect()))
            }
            VoucherOwner::Code(code) => {
                let now = self.lasting_now().await?;
                let found = self.store.voucher_by_code(stored_code(code)).await?;
                let (issued, mut devices) = found.ok_or(AdmissionError::InvalidCode)?;
                devices.retain(|device| device.state != VoucherDeviceState::Out);
                // Who only tries codes must not learn that there is one.
                match issued.voucher.phase(now) {
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

    pub(super) async fn take_off(&self, nas: NasId, gone: &[VoucherDevice]) -> Result<(), AdmissionError> {
        let Some(nas) = self.router_of(nas).await? else { return Ok(()) };
        let its = nas.id;
        let kept = self.commands.keep_vouchers(nas, false).await?;
        let is_in = |device: &&VoucherDevice| device.nas == its && kept.shown.contains(&device.login);
        match (gone.iter().any(|device| is_in(&device)), kept.stays) {
            (false, _) => Ok(()),
            (true, Some(why)) => Err(RouterCommandError::Refused(why).into()),
            (true, None) => Err(RouterCommandError::Unknown(STILL_IN.to_owned()).into()),
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
