//! What whoever looks at a router has to know beforehand.

use accounting::table::Table;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Nas, VoucherQuery};

use super::house::House;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::steps::zone;

/// What is wanted of a router, as far as it decides what is a fault there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// How far the days of its subscribers are from UTC now, seconds, east positive.
    pub zone_offset_s: i64,
    /// The IANA name of their zone; `None` where it has none.
    pub zone_name: Option<String>,
    /// Limits are wanted on it.
    pub is_limited: bool,
    /// Something else is to be changed on it: somebody is kept out.
    pub is_changed: bool,
    /// The portal's port, where there are vouchers to be entered at it.
    pub portal_port: Option<u16>,
    /// Interfaces that count for subscribers, raw names.
    pub faces: Vec<Vec<u8>>,
}

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
        let query = VoucherQuery { limit: 1, ..VoucherQuery::default() };
        Ok(!self.store.list_vouchers(query, self.now()).await?.is_empty())
    }
}
