//! Vouchers towards clients.

use operations::{ShownVoucher, ShownVoucherDevice};
use store::{VoucherIssue, VoucherPhase};

use crate::api::model::name::Name;
use crate::api::model::voucher::{
    Voucher, VoucherDevice, VoucherDeviceState, VoucherEnd, VoucherState, VoucherTerms,
};

const SECOND: u64 = 1_000_000;

pub(in crate::api) fn terms(issue: VoucherIssue) -> VoucherTerms {
    let VoucherIssue { made_at, made_by, seller, plan, price, terms, note } = issue;
    VoucherTerms {
        made_at: made_at.into(),
        made_by,
        seller,
        plan,
        price,
        validity_seconds: terms.validity_us.map(|us| us / SECOND),
        devices: terms.devices,
        rate_up_bps: terms.rate.up_bps,
        rate_down_bps: terms.rate.down_bps,
        quota_octets: terms.quota_octets,
        note,
    }
}

pub(super) fn voucher(shown: ShownVoucher) -> Voucher {
    let ShownVoucher { issued, phase, left_us, ends_at } = shown;
    let own = issued.voucher;
    Voucher {
        code: own.code,
        batch: own.batch.0,
        state: state(phase),
        first_used_at: own.first_used_at.map(Into::into),
        left_seconds: left_us.map(|us| us / SECOND),
        ends_at: ends_at.map(Into::into),
        paused_at: own.paused_at.map(Into::into),
        revoked_at: own.revoked_at.map(Into::into),
        over_by: over_by(phase, own.used_up_at.is_some()),
        used_up_at: own.used_up_at.map(Into::into),
        ended_at: own.ended_at.map(Into::into),
        terms: terms(issued.issue),
    }
}

fn over_by(phase: VoucherPhase, is_used_up: bool) -> Option<VoucherEnd> {
    let end = if is_used_up { VoucherEnd::Data } else { VoucherEnd::Time };
    (phase == VoucherPhase::Over).then_some(end)
}

/// Of a voucher that stands so.
pub(super) fn device(shown: ShownVoucherDevice, phase: VoucherPhase) -> VoucherDevice {
    let state = device_state(&shown, phase);
    let ShownVoucherDevice { device, router, .. } = shown;
    VoucherDevice {
        router,
        mac: device.mac,
        username: Name::from(&*device.login),
        state,
        wanted_at: device.wanted_at.into(),
        in_at: device.in_at.map(Into::into),
        out_at: device.out_at.map(Into::into),
    }
}

fn device_state(shown: &ShownVoucherDevice, phase: VoucherPhase) -> VoucherDeviceState {
    match (shown.device.state, phase) {
        (store::VoucherDeviceState::Out, _) => VoucherDeviceState::Out,
        _ if shown.device.leaving_at.is_some() => VoucherDeviceState::Leaving,
        (store::VoucherDeviceState::Wanted, _) => VoucherDeviceState::Wanted,
        (store::VoucherDeviceState::In, VoucherPhase::Paused) => VoucherDeviceState::Paused,
        (_, VoucherPhase::Over | VoucherPhase::Revoked) => VoucherDeviceState::Leaving,
        _ if shown.is_online => VoucherDeviceState::In,
        _ => VoucherDeviceState::Away,
    }
}

fn state(phase: VoucherPhase) -> VoucherState {
    match phase {
        VoucherPhase::Unused => VoucherState::Unused,
        VoucherPhase::Running => VoucherState::Running,
        VoucherPhase::Paused => VoucherState::Paused,
        VoucherPhase::Over => VoucherState::Over,
        VoucherPhase::Revoked => VoucherState::Revoked,
    }
}

pub(super) fn phase(state: VoucherState) -> VoucherPhase {
    match state {
        VoucherState::Unused => VoucherPhase::Unused,
        VoucherState::Running => VoucherPhase::Running,
        VoucherState::Paused => VoucherPhase::Paused,
        VoucherState::Over => VoucherPhase::Over,
        VoucherState::Revoked => VoucherPhase::Revoked,
    }
}
