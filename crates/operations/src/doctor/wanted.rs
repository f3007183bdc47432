//! What is wanted of a router, gathered for whoever looks at it.

use accounting::table::Table;
use jiff::Timestamp;
use store::{Nas, Reach, VoucherQuery, WhoseVouchers};

use super::house::House;
use super::patient::Patient;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::steps::zone;

impl Operations {
    pub(super) async fn patient(
        &self,
        nas: &Nas,
        house: &House,
        vouchers: bool,
    ) -> Result<Patient, OperationError> {
        let days = nas.zone.as_deref().map(zone).transpose()?.unwrap_or_else(|| self.zone.clone());
        let now = Timestamp::from_microsecond(self.now().0).unwrap_or(Timestamp::UNIX_EPOCH);
        let asked = self.store.asked_counters(nas.id).await?;
        let faces = asked.into_iter().filter(|asked| asked.table == Table::Facing).map(|asked| asked.name);
        Ok(Patient {
            zone_offset_s: i64::from(days.to_offset(now).seconds()),
            zone_name: days.iana_name().map(str::to_owned),
            is_limited: !self.list_limits(Some(&nas.config.name)).await?.is_empty(),
            is_changed: self.store.holds().await?.iter().any(|hold| hold.nas == nas.id),
            portal_port: house.portal_port.filter(|_| vouchers),
            faces: faces.collect(),
        })
    }

    /// Whether a voucher was ever made.
    pub(super) async fn sells_vouchers(&self) -> Result<bool, OperationError> {
        let whose = WhoseVouchers { reach: Reach::Everywhere, ..WhoseVouchers::default() };
        let query = VoucherQuery { limit: 1, whose, ..VoucherQuery::default() };
        Ok(!self.store.list_vouchers(query, self.now()).await?.is_empty())
    }
}
