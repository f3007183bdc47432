//! Where routers may be: so that nobody who may add one makes this program knock at the doors of its host's network.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use ipnet::IpNet;

use crate::error::OperationError;

/// The networks routers may be in. By default: all, but for those that no router has an address in, or where something else than a
/// router answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouterAddresses(Arc<[IpNet]>);

impl RouterAddresses {
    /// Addresses and networks, parted by commas; none: the default.
    ///
    /// # Errors
    /// Names the one that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(network).collect::<Result<Vec<_>, _>>().map(|networks| RouterAddresses(networks.into()))
    }

    /// Whether a router may be there.
    ///
    /// # Errors
    /// Why not, as the end of a sentence.
    pub fn check(&self, address: IpAddr) -> Result<(), String> {
        let address = address.to_canonical();
        if let Some(why) = nobodys(address) {
            return Err(why.to_owned());
        }
        if self.0.is_empty() {
            return unusual(address).map_or(Ok(()), |why| {
                Err(format!(
                    "{why}; where it is a router all the same, name it in [polling] allowed_addresses"
                ))
            });
        }
        match self.0.iter().any(|network| network.contains(&address)) {
            true => Ok(()),
            false => Err("[polling] allowed_addresses of the configuration does not name it".to_owned()),
        }
    }

    /// Refuses a host that is written as an address where no router may be. A name is looked up, and what it leads to is looked at,
    /// whenever a connection is made.
    pub(crate) fn check_host(&self, host: &str) -> Result<(), OperationError> {
        // An IPv6 address may name the zone that it is in.
        let Ok(address) = host.split('%').next().unwrap_or_default().parse::<IpAddr>() else { return Ok(()) };
        self.check(address).map_err(|why| {
            OperationError::Invalid(format!("no router may be at {host}: {why}. Nothing was changed or sent"))
        })
    }
}

/// No host has such an address.
fn nobodys(address: IpAddr) -> Option<&'static str> {
    let is_reserved = matches!(address, IpAddr::V4(four) if four.octets()[0] == 0 || four.octets()[0] >= 240);
    if address.is_unspecified() || is_reserved {
        Some("no host has this address")
    } else if address.is_multicast() {
        Some("it is an address of many hosts at once")
    } else {
        None
    }
}

/// What a host gives itself where nobody gives it one, and where clouds hand out the keys of their machines.
fn unusual(address: IpAddr) -> Option<&'static str> {
    const CLOUD_V6: &str = "fd00:ec2::254";
    let is_unusual = match address {
        IpAddr::V4(four) => four.is_link_local() || four == Ipv4Addr::new(100, 100, 100, 200),
        IpAddr::V6(six) => CLOUD_V6.parse() == Ok(six),
    };
    is_unusual.then_some("clouds hand out the keys of their machines at such addresses")
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address
        .or_else(|_| text.parse())
        .map_err(|_| format!("`{}` is neither an address nor a network like 10.0.0.0/8", text.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(networks: &str, address: &str) -> bool {
        RouterAddresses::parse(networks).unwrap().check(address.parse().unwrap()).is_ok()
    }

    #[test]
    fn by_default_everything_is_allowed_where_a_router_can_be() {
        for address in
            ["192.168.88.1", "10.0.0.1", "100.64.0.1", "127.0.0.1", "203.0.113.7", "::1", "fe80::1"]
        {
            assert!(allowed("", address), "{address}");
        }
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "255.255.255.255",
            "240.0.0.1",
            "224.0.0.1",
            "169.254.169.254",
            "::",
            "ff02::1",
            "fd00:ec2::254",
            "100.100.100.200",
            "::ffff:169.254.169.254",
            "::ffff:0.0.0.0",
        ] {
            assert!(!allowed("", address), "{address}");
        }
    }

    #[test]
    fn a_list_allows_what_it_names_and_nothing_else() {
        let list = "10.0.0.0/8, 192.168.88.1,2001:db8::/32,169.254.0.0/16, 0.0.0.0/4";
        for address in ["10.255.0.1", "::ffff:10.1.2.3", "192.168.88.1", "2001:db8::9", "169.254.1.1"] {
            assert!(allowed(list, address), "{address}");
        }
        for address in ["192.168.88.2", "127.0.0.1", "::1", "2001:db9::1", "0.0.0.0"] {
            assert!(!allowed(list, address), "{address}");
        }
        assert!(!allowed("0.0.0.0/0", "224.0.0.1"), "no list makes a host of many");
        assert!(RouterAddresses::parse("10.0.0.0/33").unwrap_err().contains("`10.0.0.0/33`"));
    }

    #[test]
    fn names_are_looked_at_when_they_are_looked_up() {
        let usual = RouterAddresses::default();
        assert!(usual.check_host("metadata.example").is_ok() && usual.check_host("fe80::1%ether1").is_ok());
        let refused = usual.check_host("169.254.169.254").unwrap_err().to_string();
        assert!(refused.contains("169.254.169.254") && refused.contains("allowed_addresses"), "{refused}");
    }
}
