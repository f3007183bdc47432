//! What a device reaches without a login (`/ip/hotspot/walled-garden/ip`).

use std::net::{IpAddr, SocketAddrV4};

use super::super::configured::Item;
use super::super::model::World;
use super::super::profile::WALLED_GARDEN_IP;
use super::super::target::Prefix;

/// What a rule may have that is not known here: it is kept, and matches nothing.
const UNKNOWN_HERE: [&str; 4] = ["server", "src-address-list", "dst-host", "dst-address-list"];

impl World {
    /// Whether a device at the hotspot that is not logged in may connect to that address over TCP: what the first rule says that matches.
    #[must_use]
    pub fn is_in_walled_garden(&self, mac: impl AsRef<[u8]>, to: SocketAddrV4) -> bool {
        let from = self.hotspot.host_of.get(mac.as_ref());
        let from = from.map(|&host| IpAddr::V4(self.hotspot.hosts[host as usize].address.into()));
        let rule = self.configured(WALLED_GARDEN_IP).find(|rule| matches(rule, from, to));
        rule.is_some_and(|rule| self.configured(WALLED_GARDEN_IP).item(rule).get("action") == Some(b"accept"))
    }
}

fn matches(rule: &Item, from: Option<IpAddr>, to: SocketAddrV4) -> bool {
    let is = |name: &str, holds: &dyn Fn(&[u8]) -> Option<bool>| {
        rule.get(name).is_none_or(|value| selects(value, holds))
    };
    let holds = |address: Option<IpAddr>| {
        move |value: &[u8]| Some(Prefix::parse(value)?.holds(Prefix::host(address?)))
    };
    rule.get("disabled") != Some(b"true")
        && UNKNOWN_HERE.iter().all(|name| rule.get(name).is_none())
        && is("protocol", &|value| Some(value == b"tcp"))
        && is("src-address", &holds(from))
        && is("dst-address", &holds(Some(IpAddr::V4(*to.ip()))))
        && is("dst-port", &|value| has_port(value, to.port()))
}

/// `!` before a value turns it round, as in both captured rows. A value that is not understood selects nothing.
fn selects(value: &[u8], holds: &dyn Fn(&[u8]) -> Option<bool>) -> bool {
    match value.strip_prefix(b"!") {
        Some(value) => holds(value).is_some_and(|held| !held),
        None => holds(value).unwrap_or(false),
    }
}

/// `80,8000-8080`.
fn has_port(value: &[u8], port: u16) -> Option<bool> {
    let mut parts = std::str::from_utf8(value).ok()?.split(',').map(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.parse::<u16>().ok()?..=last.parse::<u16>().ok()?)
    });
    parts.try_fold(false, |held, part| Some(held || part?.contains(&port)))
}
