//! [`VoucherLoginRepository`].

use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::{NasId, VoucherDeviceId, VoucherId};
use crate::voucher_login_repository::{VoucherLoginRepository, VoucherLook, VoucherUsage};

use super::database::Database;
use super::open_entry::{session_total, with_open_entry};
use super::row::Row;
use super::value::params;
use super::values::{from_amount, octets};
use super::{rows, voucher_login_fold};

/// Of the sessions that the devices had under their names at their routers, and of looks.
const USAGE: &str = concat!(
    "SELECT CAST(coalesce(sum(input), 0) AS bigint), CAST(coalesce(sum(output), 0) AS bigint),
        CAST(coalesce(sum(CASE WHEN looked > input + output THEN looked ELSE input + output END), 0) AS bigint),
        (SELECT min(voucher_router.looked_at) FROM voucher_login
         JOIN voucher_router ON voucher_router.nas_id = voucher_login.nas_id
         WHERE voucher_login.voucher_id = ?1 AND voucher_login.is_up = 1),
        (SELECT max(voucher_login.seen_at) FROM voucher_login WHERE voucher_login.voucher_id = ?1)
     FROM (
        SELECT coalesce((SELECT sum(voucher_login.before_octets
                             + CASE WHEN voucher_login.others_octets + voucher_login.octets > voucher_login.row_octets
                               THEN voucher_login.others_octets + voucher_login.octets ELSE voucher_login.row_octets END)
                         FROM voucher_login
                         WHERE voucher_login.nas_id = its.nas_id AND voucher_login.login = its.name), 0) AS looked,
            coalesce(sum(",
    session_total!("input"),
    "), 0) AS input, coalesce(sum(",
    session_total!("output"),
    "), 0) AS output
        FROM (SELECT nas_id, login AS name FROM voucher_device WHERE voucher_id = ?1
              UNION SELECT nas_id, login FROM voucher_login WHERE voucher_id = ?1) AS its
        LEFT JOIN login ON login.kind = 'hotspot' AND login.name = its.name
        LEFT JOIN session ON session.login_id = login.id AND session.nas_id = its.nas_id",
    with_open_entry!("session"),
    "GROUP BY its.nas_id, its.name) AS of_user"
);
/// A device that no look could have shown yet came in a moment ago.
const ONLINE: &str = "
    SELECT voucher_device.id FROM voucher_device
    LEFT JOIN voucher_login ON voucher_login.nas_id = voucher_device.nas_id AND voucher_login.login = voucher_device.login
        AND voucher_login.mac = voucher_device.mac
    LEFT JOIN voucher_router ON voucher_router.nas_id = voucher_device.nas_id
    WHERE voucher_device.voucher_id = ?1 AND voucher_device.state = 1 AND voucher_device.leaving_at IS NULL
      AND (voucher_login.is_up = 1 OR voucher_router.looked_at IS NULL
           OR voucher_router.looked_at < voucher_device.in_at AND voucher_login.is_up IS NULL)
    ORDER BY voucher_device.id";

#[async_trait]
impl<D: Database> VoucherLoginRepository for D {
    async fn note_voucher_logins(&self, nas: NasId, look: VoucherLook) -> Result<(), StoreError> {
        let seen = look.clone();
        if self.read(move |connection| voucher_login_fold::news(connection, nas, &seen)).await?.is_none() {
            return Ok(());
        }
        self.transact(move |connection| voucher_login_fold::note(connection, nas, &look)).await
    }

    async fn voucher_usage(&self, ids: Vec<VoucherId>) -> Result<Vec<VoucherUsage>, StoreError> {
        self.read(move |connection| {
            let mut found = vec![VoucherUsage::default(); ids.len()];
            let mut see = |nth: usize, row: &Row<'_>| {
                found[nth] = usage(row)?;
                Ok(())
            };
            let mut asking = connection.ask_many(USAGE, &mut see)?;
            ids.iter().try_for_each(|id| asking.add(params![id.0]))?;
            asking.finish()?;
            Ok(found)
        })
        .await
    }

    async fn voucher_devices_online(&self, id: VoucherId) -> Result<Vec<VoucherDeviceId>, StoreError> {
        self.read(move |connection| {
            rows::all(connection, ONLINE, params![id.0], |row| Ok(VoucherDeviceId(row.get(0)?)))
        })
        .await
    }
}

fn usage(row: &Row<'_>) -> Result<VoucherUsage, StoreError> {
    let instant = |column| Ok::<_, StoreError>(row.get::<Option<i64>>(column)?.map(Micros));
    let as_of = instant(3)?.or(instant(4)?);
    Ok(VoucherUsage { booked: octets(row, 0)?, moved: from_amount(row.get(2)?)?, as_of })
}
