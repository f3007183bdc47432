//! The rows of vouchers put into our words.

use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::{NasId, VoucherBatchId, VoucherDeviceId, VoucherId};
use crate::rate_limit_repository::RateLimit;
use crate::voucher::{
    IssuedVoucher, Voucher, VoucherDevice, VoucherDeviceState, VoucherHolder, VoucherIssue, VoucherPhase,
    VoucherTerms,
};
use crate::voucher_clock::VoucherClock;

use super::row::Row;
use super::values::from_amount;

/// Columns of `voucher_batch` in the order [`issue`] reads them.
macro_rules! issue_columns {
    () => {
        "voucher_batch.made_at, voucher_batch.made_by, voucher_batch.seller, voucher_batch.plan, voucher_batch.price,
         voucher_batch.validity_us, voucher_batch.devices, voucher_batch.rate_up_bps, voucher_batch.rate_down_bps,
         voucher_batch.quota_octets, voucher_batch.note"
    };
}
pub(super) use issue_columns;

/// Columns of `voucher` and its `voucher_batch` in the order [`issued`] reads them.
macro_rules! issued_columns {
    () => {
        concat!(
            "voucher.id, voucher.batch_id, voucher.code, voucher.first_used_at, voucher.left_us, voucher.runs_from,
             voucher.paused_at, voucher.revoked_at, voucher.used_up_at, voucher.ended_at, ",
            issue_columns!()
        )
    };
}
pub(super) use issued_columns;
/// How many columns a voucher has of its own, and with those of its batch.
const OWN: usize = 10;
const ISSUED: usize = OWN + 11;

/// Vouchers with what they give, by what comes after `WHERE`.
macro_rules! issued_where {
    ($($condition:expr),+) => {
        concat!(
            "SELECT ",
            issued_columns!(),
            " FROM voucher CROSS JOIN voucher_batch ON voucher_batch.id = voucher.batch_id WHERE ",
            $($condition),+
        )
    };
}
pub(super) use issued_where;

/// Columns of `voucher_device` in the order [`device`] reads them.
macro_rules! device_columns {
    () => {
        "voucher_device.id, voucher_device.voucher_id, voucher_device.ordinal, voucher_device.nas_id, voucher_device.mac,
         voucher_device.login, voucher_device.state, voucher_device.wanted_at, voucher_device.in_at, voucher_device.out_at,
         voucher_device.proof, voucher_device.leaving_at"
    };
}
pub(super) use device_columns;

/// Devices, live or not, with their vouchers, by what comes after `WHERE`.
macro_rules! devices_where {
    ($condition:expr) => {
        concat!(
            "SELECT ",
            issued_columns!(),
            ", ",
            device_columns!(),
            " FROM voucher_device CROSS JOIN voucher ON voucher.id = voucher_device.voucher_id
              CROSS JOIN voucher_batch ON voucher_batch.id = voucher.batch_id
              WHERE ",
            $condition
        )
    };
}
pub(super) use devices_where;

/// The same of live ones.
macro_rules! holders_where {
    ($condition:literal) => {
        devices_where!(concat!("voucher_device.state < 2 AND ", $condition))
    };
}
pub(super) use holders_where;

/// The phase of `voucher` at an instant as a number, as [`phase_number`] gives it.
macro_rules! phase_at {
    ($now:literal) => {
        concat!(
            "CASE WHEN voucher.state = 2 THEN 4 WHEN voucher.state = 0 THEN 0
             WHEN voucher.ended_at IS NOT NULL OR voucher.used_up_at IS NOT NULL OR voucher.left_us = 0
                  OR voucher.runs_from + voucher.left_us <= ",
            $now,
            " THEN 3 WHEN voucher.runs_from IS NULL THEN 2 ELSE 1 END"
        )
    };
}
pub(super) use phase_at;

/// The number that `phase_at` has for it.
pub(super) fn phase_number(phase: VoucherPhase) -> i64 {
    match phase {
        VoucherPhase::Unused => 0,
        VoucherPhase::Running => 1,
        VoucherPhase::Paused => 2,
        VoucherPhase::Over => 3,
        VoucherPhase::Revoked => 4,
    }
}

/// A column that may be lacking as an instant.
fn instant(row: &Row<'_>, column: usize) -> Result<Option<Micros>, StoreError> {
    Ok(row.get::<Option<i64>>(column)?.map(Micros))
}

/// A column that may be lacking as an amount.
fn amount(row: &Row<'_>, column: usize) -> Result<Option<u64>, StoreError> {
    row.get::<Option<i64>>(column)?.map(from_amount).transpose()
}

/// Of [`issue_columns`].
pub(super) fn issue(row: &Row<'_>) -> Result<VoucherIssue, StoreError> {
    Ok(VoucherIssue {
        made_at: Micros(row.get(0)?),
        made_by: row.get(1)?,
        seller: row.get(2)?,
        plan: row.get(3)?,
        price: row.get(4)?,
        terms: VoucherTerms {
            validity_us: amount(row, 5)?,
            devices: row.get(6)?,
            rate: RateLimit { up_bps: amount(row, 7)?, down_bps: amount(row, 8)? },
            quota_octets: amount(row, 9)?,
        },
        note: row.get(10)?,
    })
}

fn voucher(row: &Row<'_>) -> Result<Voucher, StoreError> {
    Ok(Voucher {
        id: VoucherId(row.get(0)?),
        batch: VoucherBatchId(row.get(1)?),
        code: row.get(2)?,
        first_used_at: instant(row, 3)?,
        clock: VoucherClock { left_us: amount(row, 4)?, runs_from: instant(row, 5)? },
        paused_at: instant(row, 6)?,
        revoked_at: instant(row, 7)?,
        used_up_at: instant(row, 8)?,
        ended_at: instant(row, 9)?,
    })
}

/// Of [`issued_columns`].
pub(super) fn issued(row: &Row<'_>) -> Result<IssuedVoucher, StoreError> {
    Ok(IssuedVoucher { voucher: voucher(row)?, issue: issue(&row.beyond(OWN))? })
}

/// Of [`device_columns`].
pub(super) fn device(row: &Row<'_>) -> Result<VoucherDevice, StoreError> {
    Ok(VoucherDevice {
        id: VoucherDeviceId(row.get(0)?),
        voucher: VoucherId(row.get(1)?),
        ordinal: row.get(2)?,
        nas: NasId(row.get(3)?),
        mac: row.get(4)?,
        login: row.get(5)?,
        state: device_state(row.get(6)?)?,
        wanted_at: Micros(row.get(7)?),
        in_at: instant(row, 8)?,
        out_at: instant(row, 9)?,
        proof: row.get(10)?,
        leaving_at: instant(row, 11)?,
    })
}

fn device_state(number: i64) -> Result<VoucherDeviceState, StoreError> {
    match number {
        0 => Ok(VoucherDeviceState::Wanted),
        1 => Ok(VoucherDeviceState::In),
        2 => Ok(VoucherDeviceState::Out),
        _ => Err(StoreError::Corrupt(format!("a voucher's device has the state {number}"))),
    }
}

/// Of [`holders_where`].
pub(super) fn holder(row: &Row<'_>) -> Result<VoucherHolder, StoreError> {
    Ok(VoucherHolder { issued: issued(row)?, device: device(&row.beyond(ISSUED))? })
}
