//! Why somebody was not let in. In English these are the words of the tool that was here before, on pages and in JSON alike.

use std::fmt::Display;

use axum::http::StatusCode;
use operations::{AdmissionError, VoucherStop};

use super::gate::Wait;
use super::language::Language;
use super::left::stop_told;
use super::texts::Text;
use super::unsaid::without_codes;

/// Nothing was used up, whatever the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Too much was asked, or too many wrong codes were tried.
    Wait(Wait),
    /// Nobody handed the device over, or too long ago.
    NotHandedOver,
    /// What the page was opened with names no device.
    Malformed,
    /// The router does not show the device as it was named.
    NotInSight,
    /// The request comes from elsewhere than the device is.
    AnotherPeer,
    /// The code is unknown, revoked, paused or over; which of them nobody is told.
    InvalidCode,
    /// As many devices are in as the voucher lets in.
    AlreadyUsed,
    /// The device is in with another voucher.
    OtherVoucher,
    /// The key is unknown.
    InvalidKey,
    /// The key's voucher lets nobody in, or not now: its owner is told why.
    Stopped(VoucherStop),
    /// Neither a code nor a key was sent.
    NothingNamed,
    /// The router, or the database, did not do it.
    Failed,
    /// Others are being looked for at this moment.
    Busy,
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Refusal::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Refusal::NotHandedOver
            | Refusal::NotInSight
            | Refusal::AnotherPeer
            | Refusal::InvalidKey
            | Refusal::Stopped(_) => StatusCode::FORBIDDEN,
            Refusal::Malformed | Refusal::InvalidCode | Refusal::AlreadyUsed | Refusal::NothingNamed => {
                StatusCode::BAD_REQUEST
            }
            Refusal::OtherVoucher => StatusCode::CONFLICT,
            Refusal::Failed | Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// In that language.
    pub(super) fn message(&self, language: Language) -> String {
        let text = match self {
            Refusal::Wait(wait) => {
                return Text::Wait.within(language).replace("{s}", &wait.seconds().to_string());
            }
            Refusal::Stopped(stop) => return stop_told(*stop, language),
            Refusal::NotHandedOver => Text::NotHandedOver,
            Refusal::Malformed => Text::Malformed,
            Refusal::NotInSight => Text::NotInSight,
            Refusal::AnotherPeer => Text::AnotherPeer,
            Refusal::InvalidCode => Text::InvalidCode,
            Refusal::AlreadyUsed => Text::AlreadyUsed,
            Refusal::OtherVoucher => Text::OtherVoucher,
            Refusal::InvalidKey => Text::InvalidKey,
            Refusal::NothingNamed => Text::NothingNamed,
            Refusal::Failed => Text::Failed,
            Refusal::Busy => Text::Busy,
        };
        text.within(language).to_owned()
    }

    /// For the metrics.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Refusal::Wait(_) => "held_off",
            Refusal::NotHandedOver => "not_handed_over",
            Refusal::Malformed => "malformed",
            Refusal::NotInSight => "not_in_sight",
            Refusal::AnotherPeer => "another_address",
            Refusal::InvalidCode => "invalid_code",
            Refusal::AlreadyUsed => "already_used",
            Refusal::OtherVoucher => "other_voucher",
            Refusal::InvalidKey => "invalid_key",
            Refusal::Stopped(_) => "stopped",
            Refusal::NothingNamed => "nothing_named",
            Refusal::Failed => "failed",
            Refusal::Busy => "busy",
        }
    }

    /// It could not be looked up how a voucher stands.
    pub(super) fn of_a_look(error: impl Display) -> Self {
        let error = without_codes(error);
        tracing::error!(error, "how a voucher stands could not be looked up");
        Refusal::Failed
    }

    /// Whether it is another code that would help, so that guessing is counted.
    pub(super) fn is_a_wrong_guess(&self) -> bool {
        matches!(self, Refusal::InvalidCode | Refusal::AlreadyUsed | Refusal::InvalidKey)
    }
}

impl From<Wait> for Refusal {
    fn from(wait: Wait) -> Self {
        Refusal::Wait(wait)
    }
}

impl From<AdmissionError> for Refusal {
    fn from(error: AdmissionError) -> Self {
        match error {
            AdmissionError::InvalidCode => Refusal::InvalidCode,
            AdmissionError::Stopped(stop) => Refusal::Stopped(stop),
            AdmissionError::AlreadyUsed => Refusal::AlreadyUsed,
            AdmissionError::OtherVoucher => Refusal::OtherVoucher,
            AdmissionError::NotInSight => Refusal::NotInSight,
            AdmissionError::Router(error) => {
                let error = without_codes(error);
                tracing::warn!(error, "a router did not let a voucher's device in");
                Refusal::Failed
            }
            AdmissionError::Other(error) => {
                let error = without_codes(error);
                tracing::error!(error, "a voucher's device could not be let in");
                Refusal::Failed
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use operations::RouterCommandError;

    use super::*;

    #[test]
    fn the_words_and_statuses_are_those_of_the_tool_before() {
        for (error, status, message) in [
            (AdmissionError::InvalidCode, 400, "Invalid voucher code"),
            (AdmissionError::AlreadyUsed, 400, "Voucher already used"),
            (
                AdmissionError::Router(RouterCommandError::TimedOut),
                503,
                "Failed to authorize with router. Please check MikroTik connection and try again.",
            ),
        ] {
            let refusal = Refusal::from(error);
            assert_eq!((refusal.status().as_u16(), &*refusal.message(Language::English)), (status, message));
        }
    }

    #[test]
    fn only_what_another_code_would_help_is_a_guess() {
        assert!(Refusal::InvalidCode.is_a_wrong_guess() && Refusal::AlreadyUsed.is_a_wrong_guess());
        assert!(!Refusal::Failed.is_a_wrong_guess() && !Refusal::NotInSight.is_a_wrong_guess());
    }
}
