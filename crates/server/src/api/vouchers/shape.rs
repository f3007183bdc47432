//! Vouchers towards clients.

use operations::{ShownVoucher, ShownVoucherDevice};
use store::{VoucherIssue, VoucherPhase};

use crate::api::model::name::Name;
use crate::api::model::voucher::{Voucher, VoucherDevice, VoucherDeviceState, VoucherState, VoucherTerms};

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
        used_up_at: own.used_up_at.map(Into::into),
        ended_at: own.ended_at.map(Into::into),
        terms: terms(issued.issue),
    }
}

pub(super) fn device(shown: ShownVoucherDevice) -> VoucherDevice {
    let ShownVoucherDevice { device, router } = shown;
    VoucherDevice {
        router,
        mac: device.mac,
        username: Name::from(&*device.login),
        state: match device.state {
            store::VoucherDeviceState::Wanted => VoucherDeviceState::Wanted,
            store::VoucherDeviceState::In => VoucherDeviceState::In,
            store::VoucherDeviceState::Out => VoucherDeviceState::Out,
        },
        wanted_at: device.wanted_at.into(),
        in_at: device.in_at.map(Into::into),
        out_at: device.out_at.map(Into::into),
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
