//! Where a router is, who we are there, and how long we wait for it.

use std::time::Duration;

use operations::RouterAddresses;
use secrecy::SecretString;

use crate::link::address::Address;
use crate::link::security::Security;

/// A router to connect to. The password is never printed.
#[derive(Clone, Debug)]
pub struct Target {
    /// Host name or address.
    pub host: String,
    /// Port of the API service; 8728, or 8729 with TLS, unless the router was told otherwise.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The router's user we log in as.
    pub user: String,
    /// That user's password.
    pub password: SecretString,
    /// Where a router may be: what the host's name leads to is compared with it at each connection.
    pub allowed: RouterAddresses,
    /// How long each step may take.
    pub deadlines: Deadlines,
}

impl Target {
    /// A target with the usual deadlines, over plain TCP.
    pub fn new(host: impl Into<String>, port: u16, user: impl Into<String>, password: SecretString) -> Self {
        Target {
            host: host.into(),
            port,
            security: Security::Plain,
            user: user.into(),
            password,
            allowed: RouterAddresses::default(),
            deadlines: Deadlines::default(),
        }
    }

    /// The address as people write it.
    pub fn address(&self) -> Address {
        Address::new(&self.host, self.port)
    }
}

/// How long a router may keep us waiting, and how much it may say. No API idle timeout of the router is documented and half-open TCP gives
/// no sign of itself (routeros.md §1.8), so every wait has an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Until the TCP connection stands.
    pub connect: Duration,
    /// For the TLS handshake, and once more for the whole login.
    pub login: Duration,
    /// Without one byte from the router while a command is in flight, and for handing a command to the socket.
    pub idle: Duration,
    /// For one command from its first byte sent to its `!done`.
    pub command: Duration,
    /// Bytes of one command's answer.
    pub answer_bytes: u64,
    /// A connection with nothing to do is asked something cheap this often: a router may end a silent one, and one that
    /// is dead says nothing of it (routeros.md §1.8).
    pub question_every: Duration,
}

/// Some four million counter rows; a router that sends more is broken or no router, and its rows are kept in memory
/// until the answer is whole.
const MOST_ANSWER_BYTES: u64 = 512 << 20;

impl Default for Deadlines {
    fn default() -> Self {
        Deadlines {
            connect: Duration::from_secs(10),
            login: Duration::from_secs(10),
            idle: Duration::from_secs(15),
            command: Duration::from_secs(60),
            answer_bytes: MOST_ANSWER_BYTES,
            question_every: Duration::from_secs(45),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_not_printed() {
        let target = Target::new("r", 8728, "api", SecretString::from("open sesame"));
        assert!(!format!("{target:?}").contains("sesame"));
    }
}
