//! A voucher's device as its router is to know it.

use accounting::time::Micros;
use store::{IssuedVoucher, VoucherDeviceState, VoucherHolder, VoucherPhase};

use super::on_router::{VoucherLeaving, VoucherLogin};

/// Who the device is on its router, and on which terms; `None`: it is not to be in. `moved`: octets that the voucher's devices moved.
pub(super) fn voucher_login(holder: &VoucherHolder, moved: u64, now: Micros) -> Option<VoucherLogin> {
    let VoucherHolder { issued: IssuedVoucher { voucher, issue }, device } = holder;
    if device.leaving_at.is_some() {
        return None;
    }
    let until = match voucher.phase(now) {
        VoucherPhase::Running => voucher.clock.ends_at(),
        VoucherPhase::Unused => {
            issue.terms.validity_us.map(|validity| Micros(now.0.saturating_add_unsigned(validity)))
        }
        VoucherPhase::Paused | VoucherPhase::Over | VoucherPhase::Revoked => return None,
    };
    Some(VoucherLogin {
        login: device.login.clone(),
        mac: device.mac.clone().into_bytes(),
        until,
        left_octets: left_octets(holder, moved),
        // Of several devices it is not known here which moved what.
        moved_octets: if issue.terms.devices == 1 { moved } else { 0 },
        is_in: device.state == VoucherDeviceState::In,
    })
}

/// A device that has to be off.
pub(super) fn leaving_of(holder: &VoucherHolder) -> VoucherLeaving {
    VoucherLeaving { login: holder.device.login.clone(), mac: holder.device.mac.clone().into_bytes() }
}

/// Octets that are left of a voucher of which so many were moved; `None`: no limit.
pub(super) fn left_octets(holder: &VoucherHolder, moved: u64) -> Option<u64> {
    holder.issued.issue.terms.quota_octets.map(|quota| quota.saturating_sub(moved))
}
