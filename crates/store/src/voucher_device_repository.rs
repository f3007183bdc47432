//! Whom vouchers let in: each step of that is one transaction, so that whoever is killed between two leaves a voucher that is unused or
//! one that is fully in use. What the router does about it is no matter of the database.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::{NasId, VoucherDeviceId, VoucherId};
use crate::voucher::{IssuedVoucher, Voucher, VoucherDevice, VoucherHolder, VoucherPhase};

/// A device that is to be let in with a voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherClaim {
    /// The code, in capitals.
    pub code: String,
    /// The router whose hotspot it is at.
    pub nas: NasId,
    /// The device, as routers write it: `AA:BB:CC:DD:EE:FF`.
    pub mac: String,
    /// SHA-256 of the token that its owner gets. One of before that is good for a device that is in stays until
    /// [the owner is told](VoucherDeviceRepository::tell_voucher_proof). `None`: whatever is there stays.
    pub proof: Option<[u8; 32]>,
    /// When (our clock).
    pub at: Micros,
    /// Which run of which process lets it in ([`crate::Node::run`]); `None`: that is not known.
    pub by: Option<String>,
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimedVoucher {
    /// The device is written down as wanted, or was before (then its state says how far it came).
    Device {
        /// The device and its voucher.
        holder: VoucherHolder,
        /// Where the same MAC was with this voucher until now: its place there is given up.
        moved_from: Option<VoucherDevice>,
    },
    /// There is no voucher of that code.
    NoSuch,
    /// It is paused, over or revoked.
    Not(VoucherPhase),
    /// As many devices are live as it lets in.
    Full,
    /// The device is live at that router with another voucher, which has to be put out first.
    Other(VoucherHolder),
}

/// What became of moving a voucher's rest to another device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MovedVoucher {
    /// The new device is wanted in the old one's place.
    Moved {
        /// The new device and its voucher.
        holder: VoucherHolder,
        /// The old one, which is out now; `None`: it is the same device on the same router, or was out before.
        from: Option<VoucherDevice>,
    },
    /// No device ever had that proof.
    NoSuch,
    /// Its voucher is paused, over or revoked.
    Not(VoucherPhase),
    /// The device of that proof is out, and others have all places.
    Full,
    /// The new device is live at that router with another voucher.
    Other(VoucherHolder),
}

/// See the module. A device is *live* while it is wanted or in.
#[async_trait]
pub trait VoucherDeviceRepository: Send + Sync {
    /// Writes a device down as wanted, where the voucher is unused or runs, has a free place, and the device is at that router with no
    /// other one. The same device again has the same row. Nothing is used yet.
    async fn claim_voucher(&self, claim: VoucherClaim) -> Result<ClaimedVoucher, StoreError>;

    /// The router let a wanted device in at `since`; with its first one the voucher begins to run, then. Writes `act` only if the
    /// device was not in before. `None`: it is not wanted any more, or its voucher is over or revoked; it has to be taken off.
    async fn complete_voucher_device(
        &self,
        id: VoucherDeviceId,
        since: Micros,
        act: NewAudit,
    ) -> Result<Option<VoucherHolder>, StoreError>;

    /// The owner of a device that is in was told this proof, which takes the place of the one of before.
    async fn tell_voucher_proof(&self, id: VoucherDeviceId, proof: [u8; 32]) -> Result<(), StoreError>;

    /// Forgets a device that is wanted and not in; false: it is in, or was never wanted.
    async fn take_back_voucher_device(&self, id: VoucherDeviceId) -> Result<bool, StoreError>;

    /// A live device is not to be in any more, from the act's instant on; its place stays its own until it is taken back or put out.
    /// False, without an act: it is not live, or was to leave before.
    async fn leave_voucher_device(&self, id: VoucherDeviceId, act: NewAudit) -> Result<bool, StoreError>;

    /// A device that was in is off, from the act's instant on; its place is free. False, without an act: it was not in.
    async fn put_out_voucher_device(&self, id: VoucherDeviceId, act: NewAudit) -> Result<bool, StoreError>;

    /// Gives the place of the device with that proof, which is off, to another device, which is wanted from the act's instant on and
    /// keeps the proof. Where the old one is live that is its place, else any that is free. `by`: as [`VoucherClaim::by`].
    async fn move_voucher_device(
        &self,
        proof: [u8; 32],
        nas: NasId,
        mac: String,
        by: Option<String>,
        act: NewAudit,
    ) -> Result<MovedVoucher, StoreError>;

    /// The live device with that MAC at that router.
    async fn voucher_of_device(&self, nas: NasId, mac: String) -> Result<Option<VoucherHolder>, StoreError>;

    /// The device with that proof, live or not: the live one, else the last one. So a proof leads to its voucher for good.
    async fn voucher_of_proof(&self, proof: [u8; 32]) -> Result<Option<VoucherHolder>, StoreError>;

    /// With which voucher that device was in last at that router, live or not; looked for among the latest of all devices.
    async fn last_voucher_device(&self, nas: NasId, mac: String)
    -> Result<Option<VoucherHolder>, StoreError>;

    /// The live devices of a router, in the order of their rows. Whether they are to be on it says their voucher's phase: while it
    /// runs, or is unused.
    async fn voucher_devices(&self, nas: NasId) -> Result<Vec<VoucherHolder>, StoreError>;

    /// Vouchers whose time runs out before that instant and that have not ended, the earliest first; at most so many.
    async fn vouchers_over_by(&self, before: Micros, most: u32) -> Result<Vec<IssuedVoucher>, StoreError>;

    /// The data of one that was used is over, from the act's instant on; false, without an act: it is over or revoked already.
    async fn use_up_voucher(&self, id: VoucherId, act: NewAudit) -> Result<bool, StoreError>;

    /// Ends those that are over and have no live device any more, each with a line `voucher.end` in the journal, and answers them.
    async fn end_vouchers(&self, now: Micros) -> Result<Vec<Voucher>, StoreError>;

    /// The devices of a router that are wanted and not in, and whose process is gone that was letting them in: `run` is this one
    /// ([`crate::Node::run`]).
    async fn left_voucher_devices(&self, nas: NasId, run: String)
    -> Result<Vec<VoucherDeviceId>, StoreError>;

    /// Routers on which something of a voucher may be: one for which a device was ever claimed, until it is
    /// [known to be free of it](Self::free_of_vouchers).
    async fn voucher_routers(&self) -> Result<Vec<NasId>, StoreError>;

    /// Nothing of a voucher is on the router, as it showed itself. Where a device is live it stays among them.
    async fn free_of_vouchers(&self, nas: NasId) -> Result<(), StoreError>;
}
