//! Why a client's connection ends, and what it is told.

use axum::extract::ws::{CloseCode, CloseFrame, close_code};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::ProtocolError;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The client ended it, or it broke.
    Gone,
    /// It takes too little, or nothing.
    Slow,
    /// It answers no ping.
    Silent,
    /// The server stops.
    Stopping,
    /// The token or the sign-in with which it came has ended.
    SignedOut,
    /// What it sent is no message of this API; why.
    Malformed(String),
    /// What it sent is larger than any message of this API.
    TooLarge,
    /// It sent bytes that are no text.
    NoText,
}

impl End {
    /// Why nothing more can be read.
    pub(super) fn of(error: axum::Error) -> Self {
        match error.into_inner().downcast_ref::<Error>() {
            Some(Error::Capacity(_)) => End::TooLarge,
            Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => End::Gone,
            Some(Error::Protocol(fault)) => End::Malformed(fault.to_string()),
            Some(Error::Utf8(_)) => End::Malformed("a text that is not UTF-8".to_owned()),
            _ => End::Gone,
        }
    }

    /// What the client is told; nothing where it ended it itself.
    pub(super) fn told(&self) -> Option<CloseFrame> {
        let (code, reason): (CloseCode, &str) = match self {
            End::Gone => return None,
            End::Slow => (close_code::AGAIN, "too slow: too many samples were lost; connect again"),
            End::Silent => (close_code::POLICY, "no pong came"),
            End::Stopping => (close_code::AWAY, "the server stops"),
            End::SignedOut => (close_code::POLICY, "the token or the sign-in with which this came has ended"),
            End::Malformed(why) => (close_code::INVALID, why),
            End::TooLarge => (close_code::SIZE, "a message is 4096 octets at most"),
            End::NoText => (close_code::UNSUPPORTED, "messages are texts"),
        };
        Some(CloseFrame { code, reason: fitting(reason).into() })
    }
}

/// A close frame has room for 123 octets.
fn fitting(reason: &str) -> &str {
    let end = (0..=reason.len().min(123)).rev().find(|end| reason.is_char_boundary(*end));
    &reason[..end.unwrap_or_default()]
}
