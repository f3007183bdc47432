//! Where a router is, who we are there, and how long we wait for it.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

/// A router to connect to. The password is never printed.
#[derive(Clone, Debug)]
pub struct Target {
    /// Host name or address.
    pub host: String,
    /// Port of the API service; 8728 unless the router was told otherwise.
    pub port: u16,
    /// The router's user we log in as.
    pub user: String,
    /// That user's password.
    pub password: SecretString,
    /// How long each step may take.
    pub deadlines: Deadlines,
}

impl Target {
    /// A target with the usual deadlines.
    pub fn new(host: impl Into<String>, port: u16, user: impl Into<String>, password: SecretString) -> Self {
        Target { host: host.into(), port, user: user.into(), password, deadlines: Deadlines::default() }
    }

    /// The address as people write it.
    pub fn address(&self) -> Address {
        Address { host: self.host.as_str().into(), port: self.port }
    }
}

/// Host and port, shown as `host:port` (IPv6 addresses in brackets).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    host: Box<str>,
    port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// How long a router may keep us waiting, and how much it may say. No API idle timeout of the router is documented and half-open TCP gives
/// no sign of itself (routeros.md §1.8), so every wait has an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Until the TCP connection stands.
    pub connect: Duration,
    /// For the whole login.
    pub login: Duration,
    /// Without one byte from the router while a command is in flight, and for handing a command to the socket.
    pub idle: Duration,
    /// For one command from its first byte sent to its `!done`.
    pub command: Duration,
    /// Bytes of one command's answer.
    pub answer_bytes: u64,
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_address_is_shown_in_brackets() {
        let password = || SecretString::from("p");
        assert_eq!(Target::new("10.0.0.1", 8728, "api", password()).address().to_string(), "10.0.0.1:8728");
        assert_eq!(Target::new("fe80::1", 8728, "api", password()).address().to_string(), "[fe80::1]:8728");
    }

    #[test]
    fn the_password_is_not_printed() {
        let target = Target::new("r", 8728, "api", SecretString::from("open sesame"));
        assert!(!format!("{target:?}").contains("sesame"));
    }
}
