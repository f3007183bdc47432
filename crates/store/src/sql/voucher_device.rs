//! [`VoucherDeviceRepository`].

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::{NasId, VoucherDeviceId, VoucherId};
use crate::voucher::{IssuedVoucher, Voucher, VoucherHolder};
use crate::voucher_device_repository::{ClaimedVoucher, MovedVoucher, VoucherClaim, VoucherDeviceRepository};

use super::database::Database;
use super::value::params;
use super::voucher_rows::{
    device_columns, devices_where, holder, holders_where, issue_columns, issued_columns,
};
use super::{rows, voucher_admission, voucher_claim, voucher_end};

const OF_DEVICE: &str = holders_where!("voucher_device.nas_id = ?1 AND voucher_device.mac = ?2");
/// A move leaves the proof on the row of the device of before, too.
const OF_PROOF: &str = devices_where!(
    "voucher_device.proof = ?1 ORDER BY voucher_device.state = 2, voucher_device.id DESC LIMIT 1"
);
const OF_ROUTER: &str = holders_where!("voucher_device.nas_id = ?1 ORDER BY voucher_device.id");
/// Where one process alone has the database, no other run of it is there (`node` is empty then).
const LEFT: &str = "
    SELECT id FROM voucher_device
    WHERE nas_id = ?1 AND state = 0 AND wanted_by <> ?2 AND NOT EXISTS (SELECT 1 FROM node WHERE node.run = wanted_by)
    ORDER BY id";
/// No index has devices that are out, so only the latest rows are read.
const LAST: &str = devices_where!(
    "voucher_device.id > (SELECT coalesce(max(latest.id), 0) - 20000 FROM voucher_device AS latest)
     AND voucher_device.state > 0 AND voucher_device.nas_id = ?1 AND voucher_device.mac = ?2
     ORDER BY voucher_device.id DESC LIMIT 1"
);
const MARKED: &str = "SELECT nas_id FROM voucher_router ORDER BY nas_id";
const FREE: &str = "
    DELETE FROM voucher_router WHERE nas_id = ?1 AND NOT EXISTS (
        SELECT 1 FROM voucher_device WHERE voucher_device.nas_id = ?1 AND voucher_device.state < 2)";

#[async_trait]
impl<D: Database> VoucherDeviceRepository for D {
    async fn claim_voucher(&self, claim: VoucherClaim) -> Result<ClaimedVoucher, StoreError> {
        self.transact(move |connection| voucher_claim::claim(connection, &claim)).await
    }

    async fn complete_voucher_device(
        &self,
        id: VoucherDeviceId,
        since: Micros,
        act: NewAudit,
    ) -> Result<Option<VoucherHolder>, StoreError> {
        self.transact(move |connection| voucher_admission::complete(connection, id, since, &act)).await
    }

    async fn tell_voucher_proof(&self, id: VoucherDeviceId, proof: [u8; 32]) -> Result<(), StoreError> {
        self.transact(move |connection| voucher_admission::tell_proof(connection, id, proof)).await
    }

    async fn take_back_voucher_device(&self, id: VoucherDeviceId) -> Result<bool, StoreError> {
        self.transact(move |connection| voucher_admission::take_back(connection, id)).await
    }

    async fn leave_voucher_device(&self, id: VoucherDeviceId, act: NewAudit) -> Result<bool, StoreError> {
        self.transact(move |connection| voucher_admission::leave(connection, id, &act)).await
    }

    async fn put_out_voucher_device(&self, id: VoucherDeviceId, act: NewAudit) -> Result<bool, StoreError> {
        self.transact(move |connection| voucher_admission::put_out(connection, id, &act)).await
    }

    async fn move_voucher_device(
        &self,
        proof: [u8; 32],
        nas: NasId,
        mac: String,
        by: Option<String>,
        act: NewAudit,
    ) -> Result<MovedVoucher, StoreError> {
        self.transact(move |connection| match rows::first(connection, OF_PROOF, params![proof], holder)? {
            None => Ok(MovedVoucher::NoSuch),
            Some(old) => voucher_claim::hand_over(connection, old, nas, (&mac, by.as_deref()), &act),
        })
        .await
    }

    async fn voucher_of_device(&self, nas: NasId, mac: String) -> Result<Option<VoucherHolder>, StoreError> {
        self.read(move |connection| rows::first(connection, OF_DEVICE, params![nas.0, mac], holder)).await
    }

    async fn voucher_of_proof(&self, proof: [u8; 32]) -> Result<Option<VoucherHolder>, StoreError> {
        self.read(move |connection| rows::first(connection, OF_PROOF, params![proof], holder)).await
    }

    async fn last_voucher_device(
        &self,
        nas: NasId,
        mac: String,
    ) -> Result<Option<VoucherHolder>, StoreError> {
        self.read(move |connection| rows::first(connection, LAST, params![nas.0, mac], holder)).await
    }

    async fn voucher_devices(&self, nas: NasId) -> Result<Vec<VoucherHolder>, StoreError> {
        self.read(move |connection| rows::all(connection, OF_ROUTER, params![nas.0], holder)).await
    }

    async fn vouchers_over_by(&self, before: Micros, most: u32) -> Result<Vec<IssuedVoucher>, StoreError> {
        self.read(move |connection| voucher_end::over_by(connection, before, most)).await
    }

    async fn use_up_voucher(&self, id: VoucherId, act: NewAudit) -> Result<bool, StoreError> {
        self.transact(move |connection| voucher_end::use_up(connection, id, &act)).await
    }

    async fn end_vouchers(&self, now: Micros) -> Result<Vec<Voucher>, StoreError> {
        if self.read(move |connection| voucher_end::over(connection, now)).await?.is_empty() {
            return Ok(Vec::new());
        }
        self.transact(move |connection| voucher_end::end(connection, now)).await
    }

    async fn left_voucher_devices(
        &self,
        nas: NasId,
        run: String,
    ) -> Result<Vec<VoucherDeviceId>, StoreError> {
        self.read(move |connection| {
            rows::all(connection, LEFT, params![nas.0, run], |row| Ok(VoucherDeviceId(row.get(0)?)))
        })
        .await
    }

    async fn voucher_routers(&self) -> Result<Vec<NasId>, StoreError> {
        self.read(move |connection| rows::all(connection, MARKED, params![], |row| Ok(NasId(row.get(0)?))))
            .await
    }

    async fn free_of_vouchers(&self, nas: NasId) -> Result<(), StoreError> {
        self.transact(move |connection| connection.execute(FREE, params![nas.0]).map(drop)).await
    }
}
