//! The router's side of a login.

use super::challenge::{challenge_response, to_hex};
use crate::server::Request;

/// Text of a refusal since 6.43 (`routeros.md` §1.4).
const REFUSED_PLAIN: &str = "invalid user name or password (6)";
/// Text of a refusal before 6.43 (`routeros.md` §1.4).
const REFUSED_CHALLENGE: &str = "cannot log in";

/// Decides about `/login` requests like a router of a certain age, without I/O.
#[derive(Clone, Debug)]
pub struct ServerLogin {
    challenge: Option<String>,
    issued: bool,
}

/// What to answer to a request before the login succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerLoginStep {
    /// `!done` with this as `=ret=`.
    Challenge(String),
    /// `!done`; the user with this name is logged in.
    Accepted(Vec<u8>),
    /// `!trap` with the message, then `!done`.
    Refused {
        /// The text a router of this age uses.
        message: &'static str,
    },
    /// The request is no login; nobody is logged in.
    NotALogin,
}

impl ServerLogin {
    /// RouterOS 6.43 and later: the password itself is expected.
    pub fn plain() -> Self {
        Self { challenge: None, issued: false }
    }

    /// RouterOS before 6.43: every login without a response is answered with this challenge, a password in it is
    /// not looked at. Give every connection its own random challenge.
    pub fn challenge(challenge: [u8; 16]) -> Self {
        Self { challenge: Some(to_hex(&challenge)), issued: false }
    }

    /// Judges a request; `password_of` tells the password of a user, or `None` when there is no such user.
    pub fn step(
        &mut self,
        r: &Request<'_>,
        password_of: impl Fn(&[u8]) -> Option<Vec<u8>>,
    ) -> ServerLoginStep {
        if r.path() != b"/login" {
            return ServerLoginStep::NotALogin;
        }
        let name = r.get(b"name").unwrap_or_default();
        match &self.challenge {
            None => plain(name, r.get(b"password"), password_of(name)),
            Some(challenge) => match r.get(b"response") {
                Some(response) if std::mem::take(&mut self.issued) => {
                    answered(name, response, challenge, password_of(name))
                }
                Some(_) => ServerLoginStep::Refused { message: REFUSED_CHALLENGE },
                None => {
                    self.issued = true;
                    ServerLoginStep::Challenge(challenge.clone())
                }
            },
        }
    }
}

fn plain(name: &[u8], given: Option<&[u8]>, right: Option<Vec<u8>>) -> ServerLoginStep {
    match right {
        Some(right) if given == Some(right.as_slice()) => ServerLoginStep::Accepted(name.to_vec()),
        _ => ServerLoginStep::Refused { message: REFUSED_PLAIN },
    }
}

fn answered(name: &[u8], response: &[u8], challenge: &str, right: Option<Vec<u8>>) -> ServerLoginStep {
    let expected = right.and_then(|password| challenge_response(&password, challenge.as_bytes()));
    match expected {
        Some(expected) if expected.as_bytes().eq_ignore_ascii_case(response) => {
            ServerLoginStep::Accepted(name.to_vec())
        }
        _ => ServerLoginStep::Refused { message: REFUSED_CHALLENGE },
    }
}
