//! What may happen, and to whom.

use proptest::prelude::*;

pub(super) const DEVICES: u8 = 6;
pub(super) const LINES: u8 = 6;
pub(super) const CODES: u8 = 4;

#[derive(Clone, Debug)]
pub(super) enum Operation {
    Limit {
        who: u8,
        rate: Option<(u32, u32)>,
    },
    Redial {
        line: u8,
    },
    Leave {
        nth: u8,
    },
    /// A user of the house's own, who has no voucher.
    GuestComes {
        device: u8,
    },
    Activate {
        code: u8,
        device: u8,
    },
    EndVoucher {
        code: u8,
    },
    Pause {
        code: u8,
        resume: bool,
    },
    Disconnect {
        who: u8,
        hold: bool,
    },
    Release {
        who: u8,
    },
    Meddle,
}

pub(super) fn operation() -> impl Strategy<Value = Operation> {
    let rate = (1..4_u32, 1..4_u32).prop_map(|(up, down)| (up * 512_000, down * 1_000_000));
    prop_oneof![
        900 => (0..DEVICES + LINES + 2, prop::option::weighted(0.7, rate)).prop_map(|(who, rate)| Operation::Limit { who, rate }),
        40 => (0..LINES).prop_map(|line| Operation::Redial { line }),
        10 => (0..DEVICES).prop_map(|nth| Operation::Leave { nth }),
        20 => (0..DEVICES).prop_map(|device| Operation::GuestComes { device }),
        16 => (0..CODES, 0..DEVICES).prop_map(|(code, device)| Operation::Activate { code, device }),
        6 => (0..CODES).prop_map(|code| Operation::EndVoucher { code }),
        2 => (0..CODES, any::<bool>()).prop_map(|(code, resume)| Operation::Pause { code, resume }),
        20 => (0..LINES + CODES + DEVICES, any::<bool>()).prop_map(|(who, hold)| Operation::Disconnect { who, hold }),
        8 => (0..LINES + DEVICES).prop_map(|who| Operation::Release { who }),
        8 => Just(Operation::Meddle),
    ]
}

pub(super) fn mac(device: u8) -> String {
    format!("AA:BB:CC:00:01:{device:02X}")
}

pub(super) fn line(line: u8) -> String {
    format!("line-{line}")
}

pub(super) fn code(code: u8) -> String {
    format!("ABCD-{}", code + 1)
}

pub(super) fn guest(device: u8) -> String {
    format!("guest-{device}")
}
