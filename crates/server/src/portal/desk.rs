//! What the portal asks of the part that knows vouchers and routers.

use async_trait::async_trait;
use operations::{
    AdmissionError, AdmittedDevice, HostSought, HotspotDevice, HotspotHost, OperationError, Operations,
    VoucherOwner, VoucherStanding, VoucherStop,
};
use store::NasId;

/// Vouchers and the devices at the hotspots, for whoever comes without a token.
#[async_trait]
pub trait PortalDesk: Send + Sync {
    /// What the router of that name shows of devices that are so sought; `None` where there is no such router.
    async fn hosts(
        &self,
        router: &str,
        sought: HostSought,
    ) -> Result<Option<(NasId, Vec<HotspotHost>)>, OperationError>;

    /// Lets a device in with a code. `proof` is the key of an earlier time, which goes on where it still holds.
    async fn activate(
        &self,
        code: &str,
        device: HotspotDevice,
        proof: Option<&str>,
    ) -> Result<AdmittedDevice, AdmissionError>;

    /// Lets a device in with what is left of the voucher that a key was given for.
    async fn move_here(&self, proof: &str, device: HotspotDevice) -> Result<AdmittedDevice, AdmissionError>;

    /// How the voucher with that code stands.
    async fn by_code(&self, code: &str) -> Result<Option<VoucherStanding>, OperationError>;

    /// How the voucher stands that a device was let in with.
    async fn by_device(&self, nas: NasId, mac: &str) -> Result<Option<VoucherStanding>, OperationError>;

    /// How the voucher stands that a key was given for.
    async fn by_proof(&self, proof: &str) -> Result<Option<VoucherStanding>, OperationError>;

    /// Why the voucher lets nobody in, or not now, that the owner of that key, or that device, was in with last; `None` where it is good,
    /// or none is known.
    async fn stop(
        &self,
        proof: Option<&str>,
        device: Option<(NasId, &str)>,
    ) -> Result<Option<VoucherStop>, OperationError>;

    /// The name of a router; `None` where it is not there any more.
    async fn router_name(&self, nas: NasId) -> Result<Option<String>, OperationError>;

    /// Takes the device of a key, or all devices of a code, off their routers.
    async fn end(&self, owner: VoucherOwner<'_>) -> Result<(), AdmissionError>;
}

#[async_trait]
impl PortalDesk for Operations {
    async fn hosts(
        &self,
        router: &str,
        sought: HostSought,
    ) -> Result<Option<(NasId, Vec<HotspotHost>)>, OperationError> {
        let Some(nas) = self.store.nas_by_name(router).await? else { return Ok(None) };
        let id = nas.id;
        let hosts = self.commands.hotspot_hosts(nas, sought).await?;
        Ok(Some((id, hosts)))
    }

    async fn activate(
        &self,
        code: &str,
        device: HotspotDevice,
        proof: Option<&str>,
    ) -> Result<AdmittedDevice, AdmissionError> {
        self.activate_voucher(code, device, proof).await
    }

    async fn move_here(&self, proof: &str, device: HotspotDevice) -> Result<AdmittedDevice, AdmissionError> {
        self.move_voucher_device(proof, device).await
    }

    async fn by_code(&self, code: &str) -> Result<Option<VoucherStanding>, OperationError> {
        self.voucher_by_code(code).await
    }

    async fn by_device(&self, nas: NasId, mac: &str) -> Result<Option<VoucherStanding>, OperationError> {
        self.voucher_by_device(nas, mac).await
    }

    async fn by_proof(&self, proof: &str) -> Result<Option<VoucherStanding>, OperationError> {
        self.voucher_by_proof(proof).await
    }

    async fn stop(
        &self,
        proof: Option<&str>,
        device: Option<(NasId, &str)>,
    ) -> Result<Option<VoucherStop>, OperationError> {
        self.voucher_stop(proof, device).await
    }

    async fn router_name(&self, nas: NasId) -> Result<Option<String>, OperationError> {
        Ok(self.store.nas_by_id(nas).await?.map(|nas| nas.config.name))
    }

    async fn end(&self, owner: VoucherOwner<'_>) -> Result<(), AdmissionError> {
        self.end_voucher_session(owner).await
    }
}
