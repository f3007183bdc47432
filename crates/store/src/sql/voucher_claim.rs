//! Who is to be let in with a voucher: a place for a device, or the place of another one.

use accounting::time::Micros;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::{NasId, VoucherId};
use crate::voucher::{IssuedVoucher, VoucherDevice, VoucherDeviceState, VoucherHolder, VoucherPhase};
use crate::voucher_device_repository::{ClaimedVoucher, MovedVoucher, VoucherClaim};

use super::connection::Connection;
use super::value::params;
use super::voucher_rows::{
    device, device_columns, devices_where, holder, holders_where, issue_columns, issued_columns,
};
use super::{audit, rows, voucher, voucher_admission};

const AT: &str = holders_where!("voucher_device.nas_id = ?1 AND voucher_device.mac = ?2");
const LIVE: &str = concat!(
    "SELECT ",
    device_columns!(),
    " FROM voucher_device WHERE voucher_id = ?1 AND state < 2 ORDER BY ordinal"
);
const INSERT: &str = concat!(
    "INSERT INTO voucher_device (voucher_id, ordinal, nas_id, mac, login, state, wanted_at, proof, wanted_by)
     VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8)
     RETURNING ",
    device_columns!()
);
/// Whoever asks again waits anew: what was found out of the first time says nothing of this one. The key of one that is in is worth
/// something until its owner was told another.
const AGAIN: &str = "UPDATE voucher_device SET proof = CASE WHEN state = 0 THEN COALESCE(?2, proof) ELSE COALESCE(proof, ?2) END,
                     wanted_at = CASE WHEN state = 0 THEN ?3 ELSE wanted_at END, wanted_by = ?4 WHERE id = ?1";
const MARK: &str = "INSERT INTO voucher_router (nas_id) VALUES (?1) ON CONFLICT DO NOTHING";

/// See [`crate::VoucherDeviceRepository::claim_voucher`].
pub(super) fn claim(connection: &Connection<'_>, claim: &VoucherClaim) -> Result<ClaimedVoucher, StoreError> {
    let Some(issued) = voucher::by_code(connection, &claim.code)? else { return Ok(ClaimedVoucher::NoSuch) };
    if let Some(phase) = bars(&issued, claim.at) {
        return Ok(ClaimedVoucher::Not(phase));
    }
    match rows::first(connection, AT, params![claim.nas.0, claim.mac], holder)? {
        Some(there) if there.device.voucher != issued.voucher.id => Ok(ClaimedVoucher::Other(there)),
        Some(there) if there.device.leaving_at.is_none() => again(connection, there, claim),
        // One that was to leave comes again, to its own place.
        Some(_) | None => take_place(connection, issued, claim),
    }
}

/// The phase that lets nobody in.
fn bars(issued: &IssuedVoucher, now: Micros) -> Option<VoucherPhase> {
    let phase = issued.voucher.phase(now);
    (!matches!(phase, VoucherPhase::Unused | VoucherPhase::Running)).then_some(phase)
}

/// The same device at the same router.
fn again(
    connection: &Connection<'_>,
    mut holder: VoucherHolder,
    claim: &VoucherClaim,
) -> Result<ClaimedVoucher, StoreError> {
    connection.execute(AGAIN, params![holder.device.id.0, claim.proof, claim.at.0, claim.by])?;
    let device = &mut holder.device;
    if device.state == VoucherDeviceState::Wanted {
        device.wanted_at = claim.at;
        device.proof = claim.proof.or(device.proof);
    }
    device.proof = device.proof.or(claim.proof);
    Ok(ClaimedVoucher::Device { holder, moved_from: None })
}

/// A free place, or the one that the same device has, at another router or because it was to leave.
fn take_place(
    connection: &Connection<'_>,
    issued: IssuedVoucher,
    claim: &VoucherClaim,
) -> Result<ClaimedVoucher, StoreError> {
    let live = rows::all(connection, LIVE, params![issued.voucher.id.0], device)?;
    let elsewhere = live.iter().find(|device| device.mac == claim.mac).cloned();
    let Some(ordinal) =
        elsewhere.as_ref().map_or_else(|| free_place(&issued, &live), |old| Some(old.ordinal))
    else {
        return Ok(ClaimedVoucher::Full);
    };
    if let Some(old) = &elsewhere {
        voucher_admission::give_up(connection, old, claim.at)?;
    }
    let place = Place {
        voucher: issued.voucher.id,
        ordinal,
        login: login(&issued.voucher.code, ordinal),
        nas: claim.nas,
        mac: &claim.mac,
        proof: claim.proof.or_else(|| elsewhere.as_ref()?.proof),
        by: claim.by.as_deref(),
    };
    let device = want(connection, place, claim.at)?;
    let moved_from = elsewhere.filter(|old| old.nas != claim.nas);
    Ok(ClaimedVoucher::Device { holder: VoucherHolder { issued, device }, moved_from })
}

/// The first place that no live device has, from 1.
fn free_place(issued: &IssuedVoucher, live: &[VoucherDevice]) -> Option<u32> {
    (1..=issued.issue.terms.devices).find(|place| live.iter().all(|device| device.ordinal != *place))
}

/// The hotspot user's name of a place.
fn login(code: &str, ordinal: u32) -> Vec<u8> {
    if ordinal == 1 { code.as_bytes().to_vec() } else { format!("{code}-{ordinal}").into_bytes() }
}

/// See [`crate::VoucherDeviceRepository::move_voucher_device`].
pub(super) fn hand_over(
    connection: &Connection<'_>,
    old: VoucherHolder,
    nas: NasId,
    (mac, by): (&str, Option<&str>),
    act: &NewAudit,
) -> Result<MovedVoucher, StoreError> {
    if old.device.state == VoucherDeviceState::Out {
        return anew(connection, old, nas, (mac, by), act);
    }
    if let Some(phase) = bars(&old.issued, act.at) {
        return Ok(MovedVoucher::Not(phase));
    }
    match rows::first(connection, AT, params![nas.0, mac], holder)? {
        Some(other) if other.device.id != old.device.id => return Ok(MovedVoucher::Other(other)),
        Some(there) if there.device.leaving_at.is_none() => {
            return Ok(MovedVoucher::Moved { holder: there, from: None });
        }
        _ => voucher_admission::give_up(connection, &old.device, act.at)?,
    }
    let VoucherDevice { voucher, ordinal, proof, .. } = old.device;
    let place = Place { voucher, ordinal, login: old.device.login.clone(), nas, mac, proof, by };
    let device = want(connection, place, act.at)?;
    audit::append(connection, act)?;
    let holder = VoucherHolder { issued: old.issued, device };
    Ok(MovedVoucher::Moved { holder, from: Some(old.device) })
}

/// The place of the one with the proof went to nobody, or to somebody else: who has it comes in as by the code.
fn anew(
    connection: &Connection<'_>,
    VoucherHolder { issued, device: old }: VoucherHolder,
    nas: NasId,
    (mac, by): (&str, Option<&str>),
    act: &NewAudit,
) -> Result<MovedVoucher, StoreError> {
    let (code, mac, by) = (issued.voucher.code, mac.to_owned(), by.map(str::to_owned));
    let again = VoucherClaim { code, nas, mac, proof: old.proof, at: act.at, by };
    Ok(match claim(connection, &again)? {
        ClaimedVoucher::Device { holder, moved_from } => {
            if holder.device.state == VoucherDeviceState::Wanted {
                audit::append(connection, act)?;
            }
            MovedVoucher::Moved { holder, from: moved_from }
        }
        ClaimedVoucher::NoSuch => MovedVoucher::NoSuch,
        ClaimedVoucher::Not(phase) => MovedVoucher::Not(phase),
        ClaimedVoucher::Full => MovedVoucher::Full,
        ClaimedVoucher::Other(other) => MovedVoucher::Other(other),
    })
}

/// A place among a voucher's devices, and whose it is to be.
struct Place<'m> {
    voucher: VoucherId,
    ordinal: u32,
    login: Vec<u8>,
    nas: NasId,
    mac: &'m str,
    proof: Option<[u8; 32]>,
    by: Option<&'m str>,
}

fn want(connection: &Connection<'_>, place: Place<'_>, at: Micros) -> Result<VoucherDevice, StoreError> {
    let Place { voucher, ordinal, login, nas, mac, proof, by } = place;
    connection.execute(MARK, params![nas.0])?;
    let values = params![voucher.0, ordinal, nas.0, mac, login, at.0, proof, by];
    rows::only(connection, INSERT, values, device)
}
