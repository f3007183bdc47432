//! Telling hosts apart by where they come from.

use std::net::{IpAddr, Ipv6Addr};

/// What stands for the host at that address: a host chooses its address within an IPv6 network of 64 bits as it likes.
pub(crate) fn one_host(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_one_host_is_one_address() {
        let address = |text: &str| one_host(text.parse().unwrap());
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:2"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:10.5.50.1"), IpAddr::from([10, 5, 50, 1]));
    }
}
