//! What people do to vouchers that are there.

use accounting::time::Micros;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::{VoucherBatchId, VoucherId};
use crate::voucher::{IssuedVoucher, Voucher, VoucherPhase};
use crate::voucher_clock::VoucherClock;

use super::connection::Connection;
use super::value::params;
use super::values::amount;
use super::voucher_rows::{issue_columns, issued, issued_columns, issued_where, phase_at};
use super::{audit, rows};

const ONE: &str = issued_where!("voucher.id = ?1");
const SET_CLOCK: &str = "UPDATE voucher SET left_us = ?2, runs_from = ?3, paused_at = ?4 WHERE id = ?1";
const REVOKE: &str = "UPDATE voucher SET state = 2, revoked_at = ?2 WHERE id = ?1";
const REVOKE_BATCH: &str = concat!(
    "UPDATE voucher SET state = 2, revoked_at = ?2 WHERE batch_id = ?1 AND ",
    phase_at!("?2"),
    " < 3"
);

/// As [`VoucherClock::paused`] has it; what runs is not over, so that something is left. A developer code has no limit.
const PAUSE_BATCH: &str = concat!(
    "UPDATE voucher SET left_us = left_us - CASE WHEN ?2 > runs_from THEN ?2 - runs_from ELSE 0 END, runs_from = NULL,
     paused_at = ?2 WHERE batch_id = ?1 AND ",
    phase_at!("?2"),
    " = 1"
);
/// As [`VoucherClock::resumed`] has it.
const RESUME_BATCH: &str = concat!(
    "UPDATE voucher SET runs_from = ?2, paused_at = NULL WHERE batch_id = ?1 AND ",
    phase_at!("?2"),
    " = 2"
);

/// Those of these phases.
pub(super) fn in_phase(
    connection: &Connection<'_>,
    id: VoucherId,
    now: Micros,
    phases: &[VoucherPhase],
) -> Result<Option<Voucher>, StoreError> {
    let found: Option<IssuedVoucher> = rows::first(connection, ONE, params![id.0], issued)?;
    Ok(found.map(|found| found.voucher).filter(|voucher| phases.contains(&voucher.phase(now))))
}

/// See [`crate::VoucherRepository::pause_voucher`].
pub(super) fn pause(
    connection: &Connection<'_>,
    id: VoucherId,
    act: &NewAudit,
) -> Result<Option<Voucher>, StoreError> {
    let Some(running) = in_phase(connection, id, act.at, &[VoucherPhase::Running])? else { return Ok(None) };
    let clock = running.clock.paused(act.at);
    set_clock(connection, Voucher { clock, paused_at: Some(act.at), ..running }, act).map(Some)
}

/// See [`crate::VoucherRepository::resume_voucher`].
pub(super) fn resume(
    connection: &Connection<'_>,
    id: VoucherId,
    act: &NewAudit,
) -> Result<Option<Voucher>, StoreError> {
    let Some(paused) = in_phase(connection, id, act.at, &[VoucherPhase::Paused])? else { return Ok(None) };
    let clock = paused.clock.resumed(act.at);
    set_clock(connection, Voucher { clock, paused_at: None, ..paused }, act).map(Some)
}

fn set_clock(connection: &Connection<'_>, voucher: Voucher, act: &NewAudit) -> Result<Voucher, StoreError> {
    let VoucherClock { left_us, runs_from } = voucher.clock;
    let (left_us, runs_from) = (left_us.map(amount).transpose()?, runs_from.map(|at| at.0));
    let values = params![voucher.id.0, left_us, runs_from, voucher.paused_at.map(|at| at.0)];
    connection.execute(SET_CLOCK, values)?;
    audit::append(connection, act)?;
    Ok(voucher)
}

/// See [`crate::VoucherRepository::revoke_voucher`].
pub(super) fn revoke(
    connection: &Connection<'_>,
    id: VoucherId,
    act: &NewAudit,
) -> Result<Option<Voucher>, StoreError> {
    let good = [VoucherPhase::Unused, VoucherPhase::Running, VoucherPhase::Paused];
    let Some(voucher) = in_phase(connection, id, act.at, &good)? else { return Ok(None) };
    connection.execute(REVOKE, params![id.0, act.at.0])?;
    audit::append(connection, act)?;
    Ok(Some(Voucher { revoked_at: Some(act.at), ..voucher }))
}

/// See [`crate::VoucherRepository::revoke_voucher_batch`].
pub(super) fn revoke_batch(
    connection: &Connection<'_>,
    id: VoucherBatchId,
    act: &NewAudit,
) -> Result<u64, StoreError> {
    of_batch(connection, REVOKE_BATCH, id, act)
}

/// See [`crate::VoucherRepository::pause_voucher_batch`].
pub(super) fn pause_batch(
    connection: &Connection<'_>,
    id: VoucherBatchId,
    act: &NewAudit,
) -> Result<u64, StoreError> {
    of_batch(connection, PAUSE_BATCH, id, act)
}

/// See [`crate::VoucherRepository::resume_voucher_batch`].
pub(super) fn resume_batch(
    connection: &Connection<'_>,
    id: VoucherBatchId,
    act: &NewAudit,
) -> Result<u64, StoreError> {
    of_batch(connection, RESUME_BATCH, id, act)
}

fn of_batch(
    connection: &Connection<'_>,
    change: &'static str,
    id: VoucherBatchId,
    act: &NewAudit,
) -> Result<u64, StoreError> {
    let changed = connection.execute(change, params![id.0, act.at.0])?;
    if changed > 0 {
        audit::append(connection, act)?;
    }
    Ok(changed as u64)
}
