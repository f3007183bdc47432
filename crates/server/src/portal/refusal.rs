//! Why somebody was not let in, in the words of the tool that was here before, on pages and in JSON alike.

use axum::http::StatusCode;
use operations::AdmissionError;

use super::gate::Wait;

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
    /// The key is unknown, or its voucher is not good now.
    InvalidKey,
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
            Refusal::NotHandedOver | Refusal::NotInSight | Refusal::AnotherPeer | Refusal::InvalidKey => {
                StatusCode::FORBIDDEN
            }
            Refusal::Malformed | Refusal::InvalidCode | Refusal::AlreadyUsed | Refusal::NothingNamed => {
                StatusCode::BAD_REQUEST
            }
            Refusal::OtherVoucher => StatusCode::CONFLICT,
            Refusal::Failed | Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub(super) fn message(&self) -> String {
        let words = match self {
            Refusal::Wait(wait) => {
                return format!("Too many tries. Wait {} s and try again.", wait.seconds());
            }
            Refusal::NotHandedOver => {
                "This device is not known here, or not any more. Leave the Wi-Fi and join it again, or open any page \
                 whose address begins with http://, and use the page that appears."
            }
            Refusal::Malformed => {
                "This page was opened with an address that names no device. Leave the Wi-Fi and join it again."
            }
            Refusal::NotInSight => "The router does not show this device. Leave the Wi-Fi and join it again.",
            Refusal::AnotherPeer => {
                "This page was opened for another device, or the network hides this device's address. Leave the Wi-Fi and \
                 join it again; if that does not help, tell whoever runs it."
            }
            Refusal::InvalidCode => "Invalid voucher code",
            Refusal::AlreadyUsed => "Voucher already used",
            Refusal::OtherVoucher => "This device is online with another voucher. End that session first.",
            Refusal::InvalidKey => "This key is unknown, or its voucher is not good now.",
            Refusal::NothingNamed => "Nothing was changed: enter the code of the voucher.",
            Refusal::Failed => {
                "Failed to authorize with router. Please check MikroTik connection and try again."
            }
            Refusal::Busy => "Many devices ask at this moment. Try again in a few seconds.",
        };
        words.to_owned()
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
            AdmissionError::AlreadyUsed => Refusal::AlreadyUsed,
            AdmissionError::OtherVoucher => Refusal::OtherVoucher,
            AdmissionError::NotInSight => Refusal::NotInSight,
            AdmissionError::Router(error) => {
                tracing::warn!(%error, "a router did not let a voucher's device in");
                Refusal::Failed
            }
            AdmissionError::Other(error) => {
                tracing::error!(%error, "a voucher's device could not be let in");
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
            assert_eq!((refusal.status().as_u16(), &*refusal.message()), (status, message));
        }
    }

    #[test]
    fn only_what_another_code_would_help_is_a_guess() {
        assert!(Refusal::InvalidCode.is_a_wrong_guess() && Refusal::AlreadyUsed.is_a_wrong_guess());
        assert!(!Refusal::Failed.is_a_wrong_guess() && !Refusal::NotInSight.is_a_wrong_guess());
    }
}
