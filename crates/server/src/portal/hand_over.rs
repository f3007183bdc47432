//! The hand-over: the login page on a router sends a device here and names it, and the router's own table has to say the same.
//!
//! Whoever asks can write any address into the query. What cannot be written is where the request comes from: a device is taken for the one
//! it says it is when the router shows that MAC at that address, and the request came from there. The portal therefore has to see the
//! devices' own addresses: no masquerading, and no proxy, stands in between (`tikmeter router portal-setup`).

use std::net::{IpAddr, Ipv4Addr};

use operations::HotspotHost;
use serde::Deserialize;
use store::NasId;

use super::mac::mac;
use super::seal::Seen;

/// The query of the login page (`$(mac)`, `$(ip)` and the router's name, which `router portal-setup` wrote into it), or of a printed voucher.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    router: Option<String>,
    mac: Option<String>,
    ip: Option<String>,
    /// To be entered, of the sign on a printed voucher.
    pub(super) code: Option<String>,
}

/// A device as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HandedOver {
    pub(super) router: String,
    /// Canonical.
    pub(super) mac: String,
    pub(super) address: Ipv4Addr,
}

/// A device that was named, as its router shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) seen: Seen,
    /// The hotspot lets it through now: what is written down may be older.
    pub(super) is_let_through: bool,
}

/// Why a device is not taken for the one it was named as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unlike {
    /// The router does not show that MAC at that address.
    NotShown,
    /// The request comes from another address.
    AnotherPeer,
}

impl Query {
    /// What was named; `None` where nothing was.
    ///
    /// # Errors
    /// When it is not a router, a MAC and an IPv4 address.
    pub(super) fn named(self) -> Option<Result<HandedOver, Malformed>> {
        let (router, given, ip) = match (self.router, self.mac, self.ip) {
            (None, None, None) => return None,
            (router, mac, ip) => {
                (router.unwrap_or_default(), mac.unwrap_or_default(), ip.unwrap_or_default())
            }
        };
        let named = || Some(HandedOver { mac: mac(&given)?, address: ip.parse().ok()?, router });
        Some(named().ok_or(Malformed))
    }
}

/// The query names no device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// The device that was named, if `hosts`, rows of that router's `/ip/hotspot/host`, show it and `peer` is where it is.
pub(super) fn found(
    named: &HandedOver,
    nas: NasId,
    hosts: &[HotspotHost],
    peer: IpAddr,
) -> Result<Found, Unlike> {
    let told = named.address.to_string();
    let host = hosts.iter().find(|host| host.is(named.mac.as_bytes(), told.as_bytes()));
    let host = host.ok_or(Unlike::NotShown)?;
    let [address, translated] = at(host);
    if ![address, translated].into_iter().flatten().any(|at| peer.to_canonical() == IpAddr::V4(at)) {
        return Err(Unlike::AnotherPeer);
    }
    let address = address.unwrap_or(named.address);
    let seen = Seen { nas, mac: named.mac.clone(), address, peer };
    Ok(Found { seen, is_let_through: host.authorized || host.bypassed })
}

/// The device that `hosts`, rows of that router's `/ip/hotspot/host`, show where `peer` is.
pub(super) fn found_at(nas: NasId, hosts: &[HotspotHost], peer: IpAddr) -> Option<Found> {
    let IpAddr::V4(from) = peer.to_canonical() else { return None };
    let here = |host: &&HotspotHost| at(host).into_iter().flatten().any(|at| at == from);
    let host = hosts.iter().find(here)?;
    let mac = mac(std::str::from_utf8(&host.mac).ok()?)?;
    let seen = Seen { nas, mac, address: at(host)[0].unwrap_or(from), peer };
    Some(Found { seen, is_let_through: host.authorized || host.bypassed })
}

/// Its own address, and the one the hotspot gave it towards others where it had to.
fn at(host: &HotspotHost) -> [Option<Ipv4Addr>; 2] {
    let read = |bytes: &[u8]| std::str::from_utf8(bytes).ok()?.parse().ok();
    [read(&host.address), read(&host.to_address)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAC: &str = "AA:BB:CC:00:00:01";

    fn host(mac: &str, address: &str, to_address: &str) -> HotspotHost {
        let bytes = |text: &str| text.as_bytes().to_vec();
        HotspotHost {
            mac: bytes(mac),
            address: bytes(address),
            to_address: bytes(to_address),
            authorized: false,
            bypassed: false,
        }
    }

    fn named(mac: &str, ip: &str) -> HandedOver {
        let given = |text: &str| Some(text.to_owned());
        Query { router: given("tower"), mac: given(mac), ip: given(ip), code: None }.named().unwrap().unwrap()
    }

    fn peer(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_query_is_whole_or_nothing() {
        assert_eq!(Query::default().named(), None);
        assert_eq!(named("aa-bb-cc-00-00-01", "10.5.50.2").mac, MAC);
        for (mac, ip) in
            [("---", "10.5.50.2"), (MAC, "fe80::1"), (MAC, ""), ("", "10.5.50.2"), ("$(mac)", "$(ip)")]
        {
            let query =
                Query { router: None, mac: Some(mac.to_owned()), ip: Some(ip.to_owned()), code: None };
            assert_eq!(query.named(), Some(Err(Malformed)), "{mac} {ip}");
        }
        let only = Query { router: Some("tower".to_owned()), ..Query::default() };
        assert_eq!(only.named(), Some(Err(Malformed)));
    }

    #[test]
    fn a_device_is_the_one_that_the_router_shows_where_the_request_comes_from() {
        let hosts =
            [host(MAC, "10.5.50.2", "10.5.50.2"), host("AA:BB:CC:00:00:02", "10.5.50.3", "10.5.50.3")];
        let judged = |mac, ip, from| {
            found(&named(mac, ip), NasId(1), &hosts, peer(from)).map(|found| found.seen.address)
        };
        assert_eq!(judged(MAC, "10.5.50.2", "10.5.50.2"), Ok(Ipv4Addr::new(10, 5, 50, 2)));
        assert_eq!(judged(MAC, "10.5.50.2", "::ffff:10.5.50.2"), Ok(Ipv4Addr::new(10, 5, 50, 2)));
        assert_eq!(
            judged("AA:BB:CC:00:00:02", "10.5.50.2", "10.5.50.2"),
            Err(Unlike::NotShown),
            "another's MAC"
        );
        assert_eq!(
            judged("AA:BB:CC:00:00:09", "10.5.50.2", "10.5.50.2"),
            Err(Unlike::NotShown),
            "an invented MAC"
        );
        assert_eq!(
            judged("AA:BB:CC:00:00:02", "10.5.50.3", "10.5.50.2"),
            Err(Unlike::AnotherPeer),
            "all of another's"
        );
    }

    #[test]
    fn an_address_that_the_hotspot_translates_is_the_device_too() {
        let hosts = [host(MAC, "192.168.1.7", "10.5.50.9")];
        for told in ["192.168.1.7", "10.5.50.9"] {
            let seen = found(&named(MAC, told), NasId(1), &hosts, peer("10.5.50.9")).unwrap().seen;
            assert_eq!(seen.address, Ipv4Addr::new(192, 168, 1, 7));
        }
    }
}
