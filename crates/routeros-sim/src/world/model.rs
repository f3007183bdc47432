//! The state of one simulated router, and its clock.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rustc_hash::FxHashMap;

use super::boot::Boot;
use super::changes::Changes;
use super::configured::Rows;
use super::device::Device;
use super::hidden::HiddenByReset;
use super::hotspot::Hotspot;
use super::interface::{Interface, Kind};
use super::octets::Octets;
use super::profile::{HOTSPOT_PROFILES, PPP_PROFILES};
use super::queue::Queues;
use super::service::Service;
use super::session::{Session, SessionKey};
use super::slots::Slots;

/// Something that will happen by itself when the clock gets there.
#[derive(Clone, Debug)]
pub(crate) enum Due {
    EndSession(SessionKey),
    DropInterface(u32),
    FreeName(Vec<u8>),
    Redial(SessionKey),
    ComeBack(SessionKey),
    LookAtCaps(SessionKey),
}

/// A client that is logged in over the API, for `/user/active`.
#[derive(Clone, Debug)]
pub(crate) struct ApiUser {
    pub(crate) name: Vec<u8>,
    pub(crate) address: Vec<u8>,
    pub(crate) since_us: u64,
}

/// One simulated router: configuration, everything that happens on it, and the truth about every octet.
///
/// Time is virtual and moves only by [`World::advance`]. Nothing here does I/O or reads a clock; the same
/// calls give the same world.
pub struct World {
    pub(crate) device: Device,
    pub(crate) now_us: u64,
    pub(crate) calendar_at_start: i64,
    pub(crate) boot: Boot,
    pub(crate) sessions: Vec<Session>,
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) live_sessions: Slots,
    pub(crate) live_interfaces: Slots,
    /// Every interface name that is taken, and by which slot; `None` while a dead row's name is held.
    pub(crate) names: FxHashMap<Vec<u8>, Option<u32>>,
    /// Names of interfaces that `monitor-traffic` does not take.
    pub(crate) not_monitored: BTreeSet<Vec<u8>>,
    pub(crate) bindings: FxHashMap<(Service, Vec<u8>), Vec<u32>>,
    pub(crate) active_by_id: FxHashMap<u64, SessionKey>,
    pub(crate) hidden: Vec<HiddenByReset>,
    pub(crate) hotspot: Hotspot,
    pub(crate) changes: Changes,
    /// What clients configured, by menu path.
    pub(crate) configured: BTreeMap<&'static str, Rows>,
    pub(crate) queues: Queues,
    pub(crate) api_users: BTreeMap<u32, ApiUser>,
    pub(crate) rng: StdRng,
    pub(crate) next_fixed_id: u64,
    pub(crate) next_address: u32,
    agenda: BTreeMap<(u64, u64), Due>,
    agenda_count: u64,
}

impl World {
    /// A freshly booted router without interfaces or subscribers, at virtual time 0.
    #[must_use]
    pub fn new(device: Device) -> Self {
        let mut world = Self::bare(device);
        world.add_default_profile(PPP_PROFILES);
        world.add_default_profile(HOTSPOT_PROFILES);
        world.add_stock_groups();
        world
    }

    fn bare(device: Device) -> Self {
        Self {
            now_us: 0,
            calendar_at_start: device.calendar_at_start,
            boot: Boot::first(device.first_boot_digit),
            sessions: Vec::new(),
            interfaces: Vec::new(),
            live_sessions: Slots::default(),
            live_interfaces: Slots::default(),
            names: FxHashMap::default(),
            not_monitored: BTreeSet::new(),
            bindings: FxHashMap::default(),
            active_by_id: FxHashMap::default(),
            hidden: Vec::new(),
            hotspot: Hotspot::default(),
            changes: Changes::default(),
            configured: BTreeMap::new(),
            queues: Queues::default(),
            api_users: BTreeMap::new(),
            rng: StdRng::seed_from_u64(device.seed),
            next_fixed_id: 1,
            next_address: 0,
            agenda: BTreeMap::new(),
            agenda_count: 0,
            device,
        }
    }

    /// The configuration; changes apply from the next command on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The configuration, to change.
    pub fn device_mut(&mut self) -> &mut Device {
        &mut self.device
    }

    /// Virtual time since the world began, microseconds. Reboots do not turn it back.
    #[must_use]
    pub fn now_us(&self) -> u64 {
        self.now_us
    }

    /// Time since the last boot, microseconds: what `/system/resource` says.
    #[must_use]
    pub fn uptime_us(&self) -> u64 {
        self.now_us - self.boot.began_us
    }

    /// Steps the router's calendar: it shows this many seconds since 1970 now. Uptime and traffic do not care.
    pub fn set_calendar(&mut self, unix_seconds: i64) {
        let elapsed = i64::try_from(self.now_us / 1_000_000).unwrap_or(i64::MAX);
        self.calendar_at_start = unix_seconds - elapsed;
    }

    /// How often it rebooted.
    #[must_use]
    pub fn reboots(&self) -> u32 {
        self.boot.number
    }

    /// Whether the API answers; false for a while after [`World::reboot_silent_for`].
    #[must_use]
    pub fn answers(&self) -> bool {
        self.now_us >= self.boot.silent_until_us
    }

    /// Lets time pass, doing on the way what falls due (lingering rows that go, twins that die, redials).
    pub fn advance(&mut self, by: Duration) {
        let until_us = self.now_us + micros(by);
        while let Some(entry) = self.agenda.first_entry() {
            let (at_us, _) = *entry.key();
            if at_us > until_us {
                break;
            }
            let due = entry.remove();
            self.move_clock_to(self.now_us.max(at_us));
            self.happen(due);
        }
        self.move_clock_to(until_us);
    }

    fn move_clock_to(&mut self, at_us: u64) {
        self.settle();
        self.now_us = at_us;
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::EndSession(key) => self.end_session(key),
            Due::DropInterface(slot) => self.drop_interface(slot),
            Due::FreeName(name) => self.free_name(&name),
            Due::Redial(key) => drop(self.connect_again(key)),
            Due::ComeBack(key) => self.come_back(key),
            Due::LookAtCaps(key) => self.look_at_caps(key),
        }
    }

    pub(crate) fn schedule(&mut self, after: Duration, due: Due) {
        self.agenda_count += 1;
        self.agenda.insert((self.now_us + micros(after), self.agenda_count), due);
    }

    /// A boot forgets everything that was going to happen, except that subscribers dial again.
    pub(crate) fn forget_agenda_of_this_boot(&mut self) {
        self.agenda.retain(|_, due| matches!(due, Due::Redial(_) | Due::ComeBack(_)));
    }

    /// Where the traffic behind an interface stands.
    pub(crate) fn source(&self, interface: &Interface) -> Octets {
        match (&interface.kind, interface.session) {
            (Kind::Fixed { stream, .. }, _) => stream.octets(self.now_us),
            (_, Some(key)) => self.sessions[key.0 as usize].octets(self.now_us),
            (_, None) => Octets::default(),
        }
    }

    /// What `/interface` shows of a slot: `rx-byte` and `tx-byte`.
    pub(crate) fn counter(&self, slot: u32) -> Octets {
        let interface = &self.interfaces[slot as usize];
        interface.counter(self.source(interface))
    }

    /// The session an interface carries now, unless it only lingers.
    pub(crate) fn live_session_on(&self, slot: u32) -> Option<SessionKey> {
        let key = self.interfaces[slot as usize].session?;
        self.sessions[key.0 as usize].is_live().then_some(key)
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX / 2)
}
