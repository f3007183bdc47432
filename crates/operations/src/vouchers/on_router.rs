//! What is said between who lets devices of vouchers in and who keeps a router to that.

use std::sync::Arc;

use accounting::time::Micros;

use crate::lasting_time::LastingTime;

/// A device that is to be in on a router by a voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherLogin {
    /// The name of its hotspot user, which no other device has.
    pub login: Vec<u8>,
    /// Its MAC as routers write it: `AA:BB:CC:DD:EE:FF`.
    pub mac: Vec<u8>,
    /// When its time ends (our clock); `None`: never.
    pub until: Option<Micros>,
    /// Octets that the voucher's devices may still move, both ways together; `None`: as many as they like.
    pub left_octets: Option<u64>,
    /// Octets that this login moved, both ways together, as far as that is known: a router that adds up nothing for its user does
    /// not end it early for it.
    pub moved_octets: u64,
    /// It is known to be in. Else it is being let in: what is there of it stays, and nothing is made.
    pub is_in: bool,
}

/// A device that is not to be in and is not known to be off yet: until then nobody else gets its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherLeaving {
    /// The name of its hotspot user.
    pub login: Vec<u8>,
    /// Its MAC as routers write it.
    pub mac: Vec<u8>,
}

/// A hotspot user of a voucher of which it is asked what its logins moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherUser {
    /// Its name.
    pub login: Vec<u8>,
    /// The MAC of its device as routers write it.
    pub mac: Vec<u8>,
}

/// What a router is to be kept to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouterVouchers {
    /// Those who are to be in.
    pub wanted: Arc<[VoucherLogin]>,
    /// Those who have to be off.
    pub leaving: Arc<[VoucherLeaving]>,
    /// Something of ours may be on it: else it is not asked.
    pub is_asked: bool,
    /// What time it is in the books by which this is wanted.
    pub time: Option<LastingTime>,
    /// A number that grows: what a look showed tells something of this only if that look began after it was told.
    pub told: u64,
}

/// A device that is to be let in now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmitDevice {
    /// Who and on which terms.
    pub who: VoucherLogin,
    /// Its address at the hotspot.
    pub address: Vec<u8>,
}

/// What became of letting a device in, as the router showed it afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Exactly this device is in as this user.
    In {
        /// It was before, and nothing was sent to log it in.
        already: bool,
        /// Whole seconds since it logged in.
        uptime_s: u64,
        /// The commands that were sent to change something, word by word, in their order.
        commands: Vec<String>,
    },
    /// The hotspot does not see that device at that address. Nothing was changed.
    NotInSight,
}

/// How the devices of vouchers stand on a router.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VouchersKept {
    /// The commands that were sent to change something, word by word, in their order.
    pub commands: Vec<String>,
    /// How each that is wanted stands, by its login.
    pub found: Vec<(Vec<u8>, VoucherFound)>,
    /// The names of the hotspot users with our mark that the router shows, and of those that may be in without it.
    pub shown: Vec<Vec<u8>>,
    /// Why something does not stand as wanted, in the router's words where it has some.
    pub stays: Option<String>,
}

impl VouchersKept {
    /// How one of them stands.
    pub fn of(&self, login: &[u8]) -> Option<VoucherFound> {
        self.found.iter().find(|(of, _)| of == login).map(|(_, found)| *found)
    }
}

/// How a device stands on its router.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoucherFound {
    /// Whole seconds since it logged in; `None`: it is not logged in.
    pub uptime_s: Option<u64>,
    /// Octets that it moved, both ways together, as far as the router tells: it may add them up late (routeros.md U5).
    pub octets: u64,
}

/// Which devices in sight of a hotspot are looked for: those with this MAC, this address, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostSought {
    /// As routers write it.
    pub mac: Option<Vec<u8>>,
    /// At the hotspot.
    pub address: Option<Vec<u8>>,
}

/// A device in sight of a hotspot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HotspotHost {
    /// Its MAC, in capitals.
    pub mac: Vec<u8>,
    /// The address it has given itself.
    pub address: Vec<u8>,
    /// The address the hotspot gave it; empty when not given.
    pub to_address: Vec<u8>,
    /// It is logged in.
    pub authorized: bool,
    /// It is let through without a login.
    pub bypassed: bool,
}

impl HotspotHost {
    /// Whether it is that device at that address.
    pub fn is(&self, mac: &[u8], address: &[u8]) -> bool {
        self.mac.eq_ignore_ascii_case(mac) && (self.address == address || self.to_address == address)
    }
}
