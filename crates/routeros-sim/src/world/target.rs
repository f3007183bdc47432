//! What a simple queue is aimed at, and where traffic comes from (routeros.md §2.9).

use std::fmt;
use std::net::IpAddr;

/// One target of a queue, or one place from which a party's traffic comes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    Prefix(Prefix),
    /// An interface, by name.
    Interface(Vec<u8>),
}

/// A network of either family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Prefix {
    address: IpAddr,
    bits: u8,
}

impl Target {
    /// As it stands in a row: what is no prefix is the name of an interface.
    pub(crate) fn of(word: &[u8]) -> Self {
        Prefix::parse(word).map_or_else(|| Self::Interface(word.to_vec()), Self::Prefix)
    }
}

impl Prefix {
    /// `10.0.0.0/24`; a bare address is a prefix of all its bits.
    pub(crate) fn parse(word: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(word).ok()?;
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let most = longest(address);
        let bits = bits.map_or(Some(most), |bits| bits.parse().ok()).filter(|bits| *bits <= most)?;
        Some(Self { address, bits })
    }

    /// One address alone.
    pub(crate) fn host(address: IpAddr) -> Self {
        Self { address, bits: longest(address) }
    }

    pub(crate) fn is_host(self) -> bool {
        self.bits == longest(self.address)
    }

    /// Whether all of `other` lies within it.
    pub(crate) fn holds(self, other: Self) -> bool {
        self.address.is_ipv4() == other.address.is_ipv4()
            && self.bits <= other.bits
            && self.network() == self.first_bits_of(other.address)
    }

    fn network(self) -> u128 {
        self.first_bits_of(self.address)
    }

    fn first_bits_of(self, address: IpAddr) -> u128 {
        let behind = u32::from(longest(self.address) - self.bits);
        number(address).checked_shr(behind).unwrap_or(0)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

fn longest(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::Prefix;

    #[test]
    fn a_prefix_holds_what_begins_with_its_bits() {
        let prefix = |text: &str| Prefix::parse(text.as_bytes()).expect(text);
        for (wide, narrow, holds) in [
            ("10.0.0.0/24", "10.0.0.7", true),
            ("10.0.0.9/24", "10.0.0.7/32", true),
            ("10.0.0.0/24", "10.0.1.7", false),
            ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.0/24", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("::/0", "10.0.0.7", false),
            ("2001:db8::/56", "2001:db8:0:ff::1", true),
            ("2001:db8::/56", "2001:db8:0:100::1", false),
        ] {
            assert_eq!(prefix(wide).holds(prefix(narrow)), holds, "{wide} {narrow}");
        }
        for wrong in ["10.0.0.0/33", "10.0.0/24", "vlan100", "::/129", "10.0.0.1/"] {
            assert_eq!(Prefix::parse(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
