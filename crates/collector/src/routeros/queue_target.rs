//! What a simple queue is aimed at: an interface, or an IPv4 or IPv6 prefix; a MAC address is none (routeros.md §2.9).

use std::net::IpAddr;

/// One of a queue's targets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum QueueTarget {
    /// Addresses whose first so many bits are these.
    Prefix(IpAddr, u8),
    /// An interface's name, raw.
    Interface(Vec<u8>),
}

impl QueueTarget {
    /// Reads one: what is no address or prefix is an interface. A bare address is stored as a prefix of all its bits
    /// (routeros.md §2.9).
    pub fn read(text: &[u8]) -> QueueTarget {
        prefix(text).unwrap_or_else(|| QueueTarget::Interface(text.to_vec()))
    }

    /// Reads a list of them.
    pub fn read_list(text: &[u8]) -> Vec<QueueTarget> {
        text.split(|byte| *byte == b',').filter(|one| !one.is_empty()).map(QueueTarget::read).collect()
    }

    /// The prefix that an address is, or `None` for what is no address.
    pub fn address(text: &[u8]) -> Option<QueueTarget> {
        prefix(text)
    }

    /// As a command takes it.
    pub fn write(&self) -> Vec<u8> {
        match self {
            QueueTarget::Prefix(address, bits) => format!("{address}/{bits}").into_bytes(),
            QueueTarget::Interface(name) => name.clone(),
        }
    }

    /// The first address of a prefix.
    pub fn first_of(address: IpAddr, bits: u8) -> IpAddr {
        match address {
            IpAddr::V4(address) => {
                let kept = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
                IpAddr::V4((address.to_bits() & kept).into())
            }
            IpAddr::V6(address) => {
                let kept = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
                IpAddr::V6((address.to_bits() & kept).into())
            }
        }
    }

    /// Whether all traffic of `other` is traffic of this one. Of which interface an address is nobody knows here.
    pub fn covers(&self, other: &QueueTarget) -> bool {
        match (self, other) {
            (QueueTarget::Prefix(mine, bits), QueueTarget::Prefix(theirs, more)) => {
                bits <= more && QueueTarget::first_of(*mine, *bits) == QueueTarget::first_of(*theirs, *bits)
            }
            (QueueTarget::Interface(mine), QueueTarget::Interface(theirs)) => mine == theirs,
            _ => false,
        }
    }
}

/// As a command takes a list.
pub fn write_list(targets: &[QueueTarget]) -> Vec<u8> {
    targets.iter().map(QueueTarget::write).collect::<Vec<_>>().join(&b',')
}

fn prefix(text: &[u8]) -> Option<QueueTarget> {
    let text = std::str::from_utf8(text).ok()?;
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok()).filter(|bits| *bits <= most)?;
    Some(QueueTarget::Prefix(address, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_covers_what_begins_as_it_does() {
        for (one, other, covers) in [
            ("10.0.0.0/24", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.7/32", true),
            ("10.0.0.7", "10.0.0.0/24", false),
            ("10.0.1.0/24", "10.0.0.7", false),
            ("0.0.0.0/0", "10.0.0.7", true),
            ("fd00::/8", "fd12::1", true),
            ("::/0", "10.0.0.7", false),
            ("ether1", "ether1", true),
            ("ether1", "10.0.0.7", false),
        ] {
            let read = |text: &str| QueueTarget::read(text.as_bytes());
            assert_eq!(read(one).covers(&read(other)), covers, "{one} {other}");
        }
    }

    #[test]
    fn a_list_is_written_as_the_router_stores_it() {
        let read = QueueTarget::read_list(b"10.0.0.7,<pppoe-ana>,,10.1.0.0/16");
        assert_eq!(write_list(&read), b"10.0.0.7/32,<pppoe-ana>,10.1.0.0/16");
        assert_eq!(QueueTarget::address(b"AA:BB:CC:DD:EE:FF"), None);
        assert_eq!(QueueTarget::read(b"10.0.0.7/33"), QueueTarget::Interface(b"10.0.0.7/33".to_vec()));
    }
}
