//! What happens at the hotspot: devices come, log in, roam, log in again by cookie, are let through, and leave.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::super::login_by::LoginBy;
use super::super::model::World;
use super::super::octets::Octets;
use super::super::party::Party;
use super::super::session::{Carrier, Dialled, Given, Session, SessionKey};
use super::super::slots::Slots;
use super::super::stream::Pace;
use super::super::switches::{HotspotIds, Roaming};
use super::{Cookie, Host, HotspotServer};

/// 10.5.0.0/16: the hotspot's usual pool.
const POOL: Ipv4Addr = Ipv4Addr::new(10, 5, 0, 0);

impl World {
    /// Sets a hotspot up on an interface; its name is the interface's as well.
    pub fn add_hotspot(&mut self, name: impl AsRef<[u8]>) {
        let id = self.hotspot.config_id();
        let name = name.as_ref().to_vec();
        self.hotspot.servers.push(HotspotServer { id, interface: name.clone(), name });
    }

    /// Gives devices that come in sight from now on the addresses that follow this one: on loopback a test can be such a device.
    pub fn use_hotspot_pool(&mut self, network: Ipv4Addr) {
        self.hotspot.pool = Some(network);
    }

    /// A device logs a user in; rates in bits per second, seen from the user (`up` is what they send). It comes in
    /// sight if it was not, and a login it had ends.
    pub fn log_in(
        &mut self,
        user: impl AsRef<[u8]>,
        mac: impl AsRef<[u8]>,
        rate_up_bps: u64,
        rate_down_bps: u64,
    ) -> SessionKey {
        let (login, caller_id) = (user.as_ref().to_vec(), mac.as_ref().to_vec());
        self.begin_login(Dialled { login, caller_id, rate_up_bps, rate_down_bps }, LoginBy::HttpChap)
    }

    /// The device logs itself in again.
    pub(crate) fn log_in_again(&mut self, again: Dialled, by: LoginBy) -> SessionKey {
        self.begin_login(again, by)
    }

    /// Lets the router know a device by its MAC address, as by `add-mac-cookie` of the user's profile.
    pub fn add_mac_cookie(&mut self, user: impl AsRef<[u8]>, mac: impl AsRef<[u8]>) {
        self.bake(user.as_ref(), mac.as_ref(), true);
    }

    /// The way in that a device's cookie is, if it has one.
    pub(crate) fn cookie_of(&self, user: &[u8], mac: &[u8]) -> Option<LoginBy> {
        let its = |cookie: &&Cookie| cookie.user == user && cookie.mac == mac;
        let cookie = self.hotspot.cookies.iter().find(its)?;
        Some(if cookie.is_mac_cookie { LoginBy::MacCookie } else { LoginBy::Cookie })
    }

    /// The device of a login gets another address, and under `mac` another MAC address; it logs itself in again by
    /// its cookie. What becomes of the row is a switch; a device that changes its MAC is a new one anyway.
    pub fn roam(&mut self, key: SessionKey, mac: Option<&[u8]>) -> SessionKey {
        let host = self.host_of(key).expect("only the hotspot's sessions roam");
        if mac.is_none() && self.device.switches.roaming == Roaming::KeepsRow {
            self.move_host(key, host);
            return key;
        }
        let mut again = self.sessions[key.0 as usize].again();
        self.leave(key);
        if let Some(mac) = mac {
            again.caller_id = mac.to_vec();
        }
        self.begin_login(again, LoginBy::MacCookie)
    }

    /// The device of a session is out of sight: its rows go at once.
    pub fn leave(&mut self, key: SessionKey) {
        self.end_session(key);
        if let Some(host) = self.host_of(key) {
            self.drop_host(host);
        }
    }

    /// A device comes in sight. One that is let through has a session then; another moves nothing until it is let in, and
    /// then as much where it does not say otherwise.
    pub fn appear(&mut self, mac: impl AsRef<[u8]>, up_bps: u64, down_bps: u64) -> Option<SessionKey> {
        let mac = mac.as_ref();
        let host = self.host_for(mac);
        self.hotspot.hosts[host as usize].wish = Pace::new(up_bps, down_bps);
        if !self.is_bypassed(mac) {
            return None;
        }
        if let Some(key) = self.hotspot.hosts[host as usize].session {
            return Some(key);
        }
        let login = [b"mac:", mac].concat();
        let dialled =
            Dialled { login, caller_id: mac.to_vec(), rate_up_bps: up_bps, rate_down_bps: down_bps };
        Some(self.begin_on_host(dialled, host, Carrier::Bypassed { host }))
    }

    /// A device comes in sight at an address that it keeps, one that is not the pool's to give. Where it is in sight it stays
    /// as it is; it moves nothing until it is let in, and then as much.
    pub fn appear_at(&mut self, mac: impl AsRef<[u8]>, address: Ipv4Addr, up_bps: u64, down_bps: u64) {
        let mac = mac.as_ref();
        if !self.hotspot.host_of.contains_key(mac) {
            let host = self.new_host_at(mac, address.to_bits());
            self.hotspot.hosts[host as usize].wish = Pace::new(up_bps, down_bps);
        }
    }

    /// A device of which a session was a bypassing comes back, if it is still let through.
    pub(crate) fn appear_again(&mut self, again: Dialled) -> SessionKey {
        if !self.is_bypassed(&again.caller_id) {
            self.bypass(&again.caller_id);
        }
        let key = self.appear(&again.caller_id, again.rate_up_bps, again.rate_down_bps);
        key.expect("a bypassed device has a session")
    }

    /// A device that is let through comes in sight under a second address, which has a row and counters of its own.
    ///
    /// # Panics
    /// When it is not let through.
    pub fn appear_also(&mut self, mac: impl AsRef<[u8]>, up_bps: u64, down_bps: u64) -> SessionKey {
        self.new_host(mac.as_ref());
        self.appear(mac, up_bps, down_bps).expect("it is let through")
    }

    /// A device logs a user in under a second address; the login it has under the first goes on.
    pub fn log_in_also(
        &mut self,
        user: impl AsRef<[u8]>,
        mac: impl AsRef<[u8]>,
        rate_up_bps: u64,
        rate_down_bps: u64,
    ) -> SessionKey {
        self.new_host(mac.as_ref());
        self.log_in(user, mac, rate_up_bps, rate_down_bps)
    }

    /// A device without a login sends and receives something: the walled garden, the login page.
    pub fn transfer_unauthorized(&mut self, mac: impl AsRef<[u8]>, up: u64, down: u64) {
        let host = self.host_for(mac.as_ref());
        self.hotspot.hosts[host as usize].before += Octets::new(up, down);
    }

    fn begin_login(&mut self, dialled: Dialled, login_by: LoginBy) -> SessionKey {
        self.add_hotspot_user(&dialled.login);
        let host = self.host_for(&dialled.caller_id);
        if let Some(before) = self.hotspot.hosts[host as usize].session {
            self.end_session(before);
        }
        self.hotspot.cookies.retain(|cookie| cookie.mac != dialled.caller_id || cookie.is_mac_cookie);
        self.bake(&dialled.login, &dialled.caller_id, false);
        self.bake_for_profile(&dialled.login, &dialled.caller_id);
        let key = self.begin_on_host(dialled, host, Carrier::Hotspot { host, login_by });
        self.limit_logged_in(key);
        self.cap_login(key);
        key
    }

    fn begin_on_host(&mut self, dialled: Dialled, host: u32, carrier: Carrier) -> SessionKey {
        let key = self.next_session();
        let address = self.hotspot.hosts[host as usize].address;
        let given = Given { now_us: self.now_us, address, active_id: self.hotspot_id(address), carrier };
        self.sessions.push(Session::begin(dialled, &given));
        self.hotspot.hosts[host as usize].session = Some(key);
        self.sessions_of(carrier).insert(key.0);
        self.unsettle(Party::Session(key.0));
        key
    }

    /// A session on a host has ended: the host stays in sight.
    pub(crate) fn release_host(&mut self, key: SessionKey, host: u32) {
        let (octets, now_us) = (self.sessions[key.0 as usize].octets(self.now_us), self.now_us);
        let session = &self.sessions[key.0 as usize];
        let (carrier, lasted_us) = (session.carrier, now_us - session.began_us);
        let wish = session.stream.wish();
        if matches!(carrier, Carrier::Hotspot { .. }) {
            let login = session.login.clone();
            self.add_to_user(&login, octets, lasted_us);
        }
        self.sessions_of(carrier).remove(key.0);
        let host = &mut self.hotspot.hosts[host as usize];
        host.session = None;
        host.before += octets;
        host.wish = wish;
    }

    /// The router restarted: everybody is out of sight, and what is not on its flash is forgotten.
    pub(crate) fn reboot_hotspot(&mut self) {
        for key in self.all_live().collect::<Vec<_>>() {
            if let Some(host) = self.host_of(key) {
                self.release_host(key, host);
            }
        }
        self.hotspot.live_hosts.clear();
        self.hotspot.host_of.clear();
        self.restart_users();
    }

    fn sessions_of(&mut self, carrier: Carrier) -> &mut Slots {
        match carrier {
            Carrier::Ppp(_) => &mut self.live_sessions,
            Carrier::Hotspot { .. } => &mut self.hotspot.active,
            Carrier::Bypassed { .. } => &mut self.hotspot.bypassed,
        }
    }

    fn is_bypassed(&self, mac: &[u8]) -> bool {
        self.is_bound(mac, b"bypassed")
    }

    fn host_for(&mut self, mac: &[u8]) -> u32 {
        if let Some(&host) = self.hotspot.host_of.get(mac) {
            return host;
        }
        self.new_host(mac)
    }

    /// A row of its own for the device, whatever rows it has under other addresses.
    fn new_host(&mut self, mac: &[u8]) -> u32 {
        let address = self.free_address();
        self.new_host_at(mac, address)
    }

    fn new_host_at(&mut self, mac: &[u8], address: u32) -> u32 {
        let slot = u32::try_from(self.hotspot.hosts.len()).expect("fewer than 2^32 hosts");
        let (id, mac) = (self.hotspot_id(address), mac.to_vec());
        let host = Host {
            id,
            mac: mac.clone(),
            address,
            since_us: self.now_us,
            session: None,
            before: Octets::default(),
            wish: Pace::default(),
        };
        self.hotspot.hosts.push(host);
        self.hotspot.live_hosts.insert(slot);
        self.hotspot.host_of.insert(mac, slot);
        slot
    }

    fn drop_host(&mut self, slot: u32) {
        if self.hotspot.live_hosts.remove(slot) {
            let mac = &self.hotspot.hosts[slot as usize].mac;
            if self.hotspot.host_of.get(mac) == Some(&slot) {
                self.hotspot.host_of.remove(mac);
            }
        }
    }

    fn move_host(&mut self, key: SessionKey, slot: u32) {
        let address = self.free_address();
        let follows = self.device.switches.hotspot_ids == HotspotIds::FromAddress;
        let host = &mut self.hotspot.hosts[slot as usize];
        let session = &mut self.sessions[key.0 as usize];
        (host.address, session.address) = (address, address);
        if follows {
            (host.id, session.active_id) = (address.into(), address.into());
        }
        self.aim_queue_of(key, address);
        self.unsettle(Party::Session(key.0));
    }

    /// The lowest address nobody has, so that addresses, and ids made from them, are soon somebody else's.
    fn free_address(&mut self) -> u32 {
        let pool = self.hotspot.pool.unwrap_or(POOL);
        let hosts = self.hotspot.live_hosts.iter().map(|slot| self.hotspot.hosts[slot as usize].address);
        let taken: BTreeSet<u32> = hosts.collect();
        (pool.to_bits() + 2..)
            .find(|address| !taken.contains(address))
            .expect("the pool is larger than any hotspot")
    }

    fn hotspot_id(&mut self, address: u32) -> u64 {
        match self.device.switches.hotspot_ids {
            HotspotIds::FromAddress => address.into(),
            HotspotIds::InSequence => self.boot.hotspot_id(),
        }
    }

    /// `add-mac-cookie` of the user's profile.
    fn bake_for_profile(&mut self, user: &[u8], mac: &[u8]) {
        let profile = self.find_user(user).and_then(|user| self.profile_of_user(user));
        let bakes = profile.is_some_and(|profile| profile.get("add-mac-cookie") == Some(b"true"));
        let has_one = |cookie: &Cookie| cookie.is_mac_cookie && cookie.user == user && cookie.mac == mac;
        if bakes && !self.hotspot.cookies.iter().any(has_one) {
            self.bake(user, mac, true);
        }
    }

    fn bake(&mut self, user: &[u8], mac: &[u8], is_mac_cookie: bool) {
        let id = self.hotspot.config_id();
        self.hotspot.cookies.push(Cookie { id, user: user.to_vec(), mac: mac.to_vec(), is_mac_cookie });
    }
}
