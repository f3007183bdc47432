//! The hotspot of a router (routeros.md §2.8): devices in sight, those logged in, those let through without a
//! login, and what the user table adds up.

mod acts;
mod admission;
mod bindings;
mod capped;
mod caps;
mod garden;
mod host;
mod refusal;
mod sessions;
mod sum;
mod user;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::slots::Slots;

pub(crate) use caps::Caps;
pub(crate) use host::Host;
pub(crate) use refusal::Refusal;
use sum::UserSum;

/// A server of the hotspot: `/ip/hotspot`.
#[derive(Clone, Debug)]
pub(crate) struct HotspotServer {
    pub(crate) id: u64,
    pub(crate) name: Vec<u8>,
    pub(crate) interface: Vec<u8>,
}

/// The cookie a device logs itself in with.
#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    pub(crate) id: u64,
    pub(crate) user: Vec<u8>,
    pub(crate) mac: Vec<u8>,
    /// The router knows the device by its MAC address alone.
    pub(crate) is_mac_cookie: bool,
}

/// See the module. Items of tables are slots, which are never given out twice.
#[derive(Debug, Default)]
pub(crate) struct Hotspot {
    pub(crate) servers: Vec<HotspotServer>,
    /// By item of the user's row.
    sums: BTreeMap<u32, UserSum>,
    pub(crate) cookies: Vec<Cookie>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) live_hosts: Slots,
    pub(crate) host_of: BTreeMap<Vec<u8>, u32>,
    /// Sessions in `/ip/hotspot/active`.
    pub(crate) active: Slots,
    /// Sessions of bypassed devices.
    pub(crate) bypassed: Slots,
    /// Where its devices get their addresses, if not where they usually do.
    pool: Option<Ipv4Addr>,
    /// Of what is configured.
    next_id: u64,
}

impl Hotspot {
    fn sum(&self, user: u32) -> UserSum {
        self.sums.get(&user).copied().unwrap_or_default()
    }

    fn config_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}
