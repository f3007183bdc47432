//! How a device that is wanted comes in, and goes.

use accounting::time::Micros;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::{NasId, VoucherDeviceId};
use crate::voucher::{VoucherDevice, VoucherDeviceState, VoucherHolder, VoucherPhase};
use crate::voucher_clock::VoucherClock;

use super::connection::Connection;
use super::value::params;
use super::values::amount;
use super::voucher_rows::{
    device_columns, devices_where, holder, holders_where, issue_columns, issued_columns,
};
use super::{audit, rows};

const LIVE: &str = holders_where!("voucher_device.id = ?1");
const BEGIN: &str = "
    UPDATE voucher SET state = 1, first_used_at = ?2, left_us = ?3, runs_from = ?2 WHERE id = ?1";
const COME_IN: &str = "UPDATE voucher_device SET state = 1, in_at = ?2 WHERE id = ?1";
const TAKE_BACK: &str = "DELETE FROM voucher_device WHERE id = ?1 AND state = 0";
const TELL: &str = "UPDATE voucher_device SET proof = ?2 WHERE id = ?1 AND state = 1";
const PUT_OUT: &str = "UPDATE voucher_device SET state = 2, out_at = ?2 WHERE id = ?1 AND state = 1";
const LEAVE: &str =
    "UPDATE voucher_device SET leaving_at = ?2 WHERE id = ?1 AND state < 2 AND leaving_at IS NULL";
const FORGET_WANTED: &str = "DELETE FROM voucher_device WHERE nas_id = ?1 AND state = 0";
const PUT_OUT_ALL: &str = "UPDATE voucher_device SET state = 2, out_at = ?2 WHERE nas_id = ?1 AND state = 1";
const UNMARK: &str = "DELETE FROM voucher_router WHERE nas_id = ?1";

/// See [`crate::VoucherDeviceRepository::complete_voucher_device`].
pub(super) fn complete(
    connection: &Connection<'_>,
    id: VoucherDeviceId,
    since: Micros,
    act: &NewAudit,
) -> Result<Option<VoucherHolder>, StoreError> {
    let Some(wanted) = rows::first(connection, LIVE, params![id.0], holder)? else { return Ok(None) };
    if wanted.device.leaving_at.is_some() {
        return Ok(None);
    }
    match wanted.issued.voucher.phase(act.at) {
        VoucherPhase::Over | VoucherPhase::Revoked => return Ok(None),
        _ if wanted.device.state == VoucherDeviceState::In => return Ok(Some(wanted)),
        phase => come_in(connection, &wanted, phase, since, act)?,
    }
    rows::first(connection, LIVE, params![id.0], holder)
}

fn come_in(
    connection: &Connection<'_>,
    wanted: &VoucherHolder,
    phase: VoucherPhase,
    since: Micros,
    act: &NewAudit,
) -> Result<(), StoreError> {
    let VoucherHolder { issued, device } = wanted;
    // It cannot have come in before it was asked for, nor later than now.
    let since = since.min(act.at).max(device.wanted_at);
    if phase == VoucherPhase::Unused {
        let VoucherClock { left_us, .. } = VoucherClock::begun(issued.issue.terms.validity_us, since);
        connection.execute(BEGIN, params![device.voucher.0, since.0, left_us.map(amount).transpose()?])?;
    }
    connection.execute(COME_IN, params![device.id.0, since.0])?;
    audit::append(connection, act)
}

/// See [`crate::VoucherDeviceRepository::tell_voucher_proof`].
pub(super) fn tell_proof(
    connection: &Connection<'_>,
    id: VoucherDeviceId,
    proof: [u8; 32],
) -> Result<(), StoreError> {
    connection.execute(TELL, params![id.0, proof]).map(drop)
}

/// See [`crate::VoucherDeviceRepository::take_back_voucher_device`].
pub(super) fn take_back(connection: &Connection<'_>, id: VoucherDeviceId) -> Result<bool, StoreError> {
    Ok(connection.execute(TAKE_BACK, params![id.0])? == 1)
}

/// See [`crate::VoucherDeviceRepository::leave_voucher_device`].
pub(super) fn leave(
    connection: &Connection<'_>,
    id: VoucherDeviceId,
    act: &NewAudit,
) -> Result<bool, StoreError> {
    let was_live = connection.execute(LEAVE, params![id.0, act.at.0])? == 1;
    if was_live {
        audit::append(connection, act)?;
    }
    Ok(was_live)
}

/// See [`crate::VoucherDeviceRepository::put_out_voucher_device`].
pub(super) fn put_out(
    connection: &Connection<'_>,
    id: VoucherDeviceId,
    act: &NewAudit,
) -> Result<bool, StoreError> {
    let was_in = connection.execute(PUT_OUT, params![id.0, act.at.0])? == 1;
    if was_in {
        audit::append(connection, act)?;
    }
    Ok(was_in)
}

/// The place of a live device is another one's. One that was never in leaves no trace.
pub(super) fn give_up(
    connection: &Connection<'_>,
    device: &VoucherDevice,
    at: Micros,
) -> Result<(), StoreError> {
    match device.state {
        VoucherDeviceState::Wanted => connection.execute(TAKE_BACK, params![device.id.0])?,
        _ => connection.execute(PUT_OUT, params![device.id.0, at.0])?,
    };
    Ok(())
}

/// A router is removed: nobody is in there with a voucher any more, for all that we know.
pub(super) fn router_removed(connection: &Connection<'_>, nas: NasId, at: Micros) -> Result<(), StoreError> {
    connection.execute(FORGET_WANTED, params![nas.0])?;
    connection.execute(PUT_OUT_ALL, params![nas.0, at.0])?;
    connection.execute(UNMARK, params![nas.0]).map(drop)
}
