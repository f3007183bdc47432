//! Where a router is, as people write it.

use std::fmt;

/// Host and port, shown as `host:port` (IPv6 addresses in brackets).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    host: Box<str>,
    port: u16,
}

impl Address {
    /// Of a host name or address without brackets.
    pub fn new(host: &str, port: u16) -> Address {
        Address { host: host.into(), port }
    }

    /// The host alone.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the host is an IP address, not a name.
    pub fn is_ip(&self) -> bool {
        self.host.parse::<std::net::IpAddr>().is_ok()
    }
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

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_ipv6_address_is_shown_in_brackets() {
        assert_eq!(Address::new("10.0.0.1", 8728).to_string(), "10.0.0.1:8728");
        assert_eq!(Address::new("fe80::1", 8728).to_string(), "[fe80::1]:8728");
    }
}
