//! How vouchers end.

use accounting::time::Micros;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::VoucherId;
use crate::voucher::{IssuedVoucher, Voucher, VoucherPhase};

use super::connection::Connection;
use super::value::params;
use super::voucher_rows::{issue_columns, issued, issued_columns, issued_where, phase_at};
use super::{audit, rows, voucher_acts};

const OVER_BY: &str = issued_where!(
    "voucher.state = 1 AND voucher.ended_at IS NULL AND voucher.runs_from + voucher.left_us < ?1
     ORDER BY voucher.runs_from + voucher.left_us, voucher.id LIMIT ?2"
);
const OVER: &str = issued_where!(
    "voucher.state = 1 AND voucher.ended_at IS NULL AND ",
    phase_at!("?1"),
    " = 3 AND NOT EXISTS (
        SELECT 1 FROM voucher_device WHERE voucher_device.voucher_id = voucher.id AND voucher_device.state < 2)
      ORDER BY voucher.id"
);
const USE_UP: &str = "UPDATE voucher SET used_up_at = ?2 WHERE id = ?1";
const END: &str = "UPDATE voucher SET ended_at = ?2 WHERE id = ?1";

/// See [`crate::VoucherDeviceRepository::vouchers_over_by`].
pub(super) fn over_by(
    connection: &Connection<'_>,
    before: Micros,
    most: u32,
) -> Result<Vec<IssuedVoucher>, StoreError> {
    rows::all(connection, OVER_BY, params![before.0, most], issued)
}

/// See [`crate::VoucherDeviceRepository::use_up_voucher`].
pub(super) fn use_up(connection: &Connection<'_>, id: VoucherId, act: &NewAudit) -> Result<bool, StoreError> {
    let used = [VoucherPhase::Running, VoucherPhase::Paused];
    if voucher_acts::in_phase(connection, id, act.at, &used)?.is_none() {
        return Ok(false);
    }
    connection.execute(USE_UP, params![id.0, act.at.0])?;
    audit::append(connection, act)?;
    Ok(true)
}

/// Those that are over and have nobody in any more.
pub(super) fn over(connection: &Connection<'_>, now: Micros) -> Result<Vec<IssuedVoucher>, StoreError> {
    rows::all(connection, OVER, params![now.0], issued)
}

/// See [`crate::VoucherDeviceRepository::end_vouchers`].
pub(super) fn end(connection: &Connection<'_>, now: Micros) -> Result<Vec<Voucher>, StoreError> {
    let over = over(connection, now)?;
    over.into_iter().map(|issued| end_one(connection, issued.voucher, now)).collect()
}

/// A line of the journal: nobody did it, it ended by itself.
fn end_one(connection: &Connection<'_>, voucher: Voucher, now: Micros) -> Result<Voucher, StoreError> {
    connection.execute(END, params![voucher.id.0, now.0])?;
    let detail = format!(r#"{{"batch":{},"data_used_up":{}}}"#, voucher.batch, voucher.used_up_at.is_some());
    let act = NewAudit::by_system(now, "voucher.end", &voucher.code);
    audit::append(connection, &NewAudit { detail, ..act })?;
    Ok(Voucher { ended_at: Some(now), ..voucher })
}
