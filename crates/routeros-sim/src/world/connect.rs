//! Subscribers that dial in, hang up, and dial again.

use std::time::Duration;

use super::changes::{Change, Listened};
use super::interface::{Interface, Kind};
use super::login_by::LoginBy;
use super::model::{Due, World};
use super::octets::Octets;
use super::party::Party;
use super::service::{Access, Service};
use super::session::{Carrier, Dialled, Given, OverPpp, Session, SessionKey};
use super::stream::Pace;
use super::switches::{BindingCounters, InterfaceRow, ServerIds};

impl World {
    /// A subscriber dials in; rates in bits per second, seen from the subscriber (`up` is what they send).
    ///
    /// The session takes a free static binding of that login, else a new dynamic interface named as
    /// RouterOS names it: `<pppoe-u>`, or `<pppoe-u-1>` when that name is taken (routeros.md §2.5).
    pub fn connect(
        &mut self,
        login: impl AsRef<[u8]>,
        service: Service,
        caller_id: impl AsRef<[u8]>,
        rate_up_bps: u64,
        rate_down_bps: u64,
    ) -> SessionKey {
        let (login, caller_id) = (login.as_ref().to_vec(), caller_id.as_ref().to_vec());
        self.dial(service, Dialled { login, caller_id, rate_up_bps, rate_down_bps })
    }

    /// Ends a session. Ending one that has ended changes nothing.
    pub fn disconnect(&mut self, key: SessionKey) {
        self.end_session(key);
    }

    /// Ends a session and dials, or logs in, again in the same instant, at the same rates.
    pub fn reconnect(&mut self, key: SessionKey) -> SessionKey {
        self.end_session(key);
        self.connect_again(key)
    }

    /// Who had that session comes back at the same rates.
    pub(crate) fn connect_again(&mut self, key: SessionKey) -> SessionKey {
        let session = &self.sessions[key.0 as usize];
        let again = session.again();
        match session.access() {
            Access::Ppp(service) => self.dial(service, again),
            Access::Hotspot => self.log_in_again(again, LoginBy::Cookie),
            Access::Bypassed => self.appear_again(again),
        }
    }

    /// As [`World::reconnect`], at other rates: a faster session can overtake the old counter's value before
    /// the next poll.
    pub fn reconnect_at(&mut self, key: SessionKey, rate_up_bps: u64, rate_down_bps: u64) -> SessionKey {
        let again = self.reconnect(key);
        self.set_rates(again, rate_up_bps, rate_down_bps);
        again
    }

    /// The subscriber's line broke and they dialled again: the new session is up while the old one, silent,
    /// stays listed for `lingers` (on real routers up to twice the keepalive, 20 s; routeros.md §4).
    ///
    /// # Panics
    /// When it is not a PPP session: no others have twins.
    pub fn reconnect_leaving_twin(&mut self, key: SessionKey, lingers: Duration) -> SessionKey {
        let session = &self.sessions[key.0 as usize];
        let (service, again) =
            (session.ppp().expect("only PPP sessions have twins").service, session.again());
        self.set_rates(key, 0, 0);
        self.schedule(lingers, Due::EndSession(key));
        self.dial(service, again)
    }

    /// Sets what a session's subscriber would send (`up`) and receive (`down`) from now on, bits per second. What passes is
    /// that, or what the first simple queue that is aimed at the session lets pass.
    pub fn set_rates(&mut self, key: SessionKey, up_bps: u64, down_bps: u64) {
        let session = &mut self.sessions[key.0 as usize];
        if session.is_live() {
            session.stream.wish_for(Pace::new(up_bps, down_bps));
            self.unsettle(Party::Session(key.0));
        }
    }

    /// Transfers exactly that many octets at once, from (`up`) and to (`down`) the subscriber, whatever limits it.
    ///
    /// # Panics
    /// When the session has ended: a script that does so expects traffic which cannot have happened.
    pub fn transfer(&mut self, key: SessionKey, up: u64, down: u64) {
        self.settle();
        let session = &mut self.sessions[key.0 as usize];
        assert!(session.is_live(), "session {} has ended and cannot transfer", key.0);
        session.stream.transfer(Octets::new(up, down));
    }

    /// Whether the session is still up.
    #[must_use]
    pub fn is_live(&self, key: SessionKey) -> bool {
        self.sessions[key.0 as usize].is_live()
    }

    /// The PPP sessions that are up, oldest first.
    pub fn live_sessions(&self) -> impl Iterator<Item = SessionKey> + '_ {
        self.live_sessions.iter().map(SessionKey)
    }

    /// How many PPP sessions are up.
    #[must_use]
    pub fn live_session_count(&self) -> usize {
        self.live_sessions.len()
    }

    /// The login a session dialled in with.
    #[must_use]
    pub fn login_of(&self, key: SessionKey) -> &[u8] {
        &self.sessions[key.0 as usize].login
    }

    /// The name of the interface a PPP session has or had; empty for others.
    #[must_use]
    pub fn interface_name_of(&self, key: SessionKey) -> &[u8] {
        match self.sessions[key.0 as usize].ppp() {
            Some(ppp) => &self.interfaces[ppp.interface as usize].name,
            None => b"",
        }
    }

    /// What the router shows for a session, or last showed: received from, sent to the subscriber.
    #[must_use]
    pub fn counter_of(&self, key: SessionKey) -> Octets {
        let session = &self.sessions[key.0 as usize];
        match session.carrier {
            Carrier::Ppp(ppp) => self.counter(ppp.interface),
            Carrier::Hotspot { .. } => session.octets(self.now_us),
            Carrier::Bypassed { host } => self.host_counter(host),
        }
    }

    pub(crate) fn next_session(&self) -> SessionKey {
        SessionKey(u32::try_from(self.sessions.len()).expect("fewer than 2^32 sessions"))
    }

    pub(crate) fn dial(&mut self, service: Service, dialled: Dialled) -> SessionKey {
        let key = self.next_session();
        let slot = self.interface_for(service, &dialled);
        let given = self.give(service, slot);
        self.active_by_id.insert(given.active_id, key);
        let change = Change { table: Listened::Sessions, item: key.0, id: given.active_id, dead: false };
        self.sessions.push(Session::begin(dialled, &given));
        self.live_sessions.insert(key.0);
        self.attach(slot, key);
        self.limit_dialled(key);
        self.unsettle(Party::Session(key.0));
        self.changes.push(change);
        if self.device.switches.listen_repeats {
            self.changes.push(change);
        }
        key
    }

    fn give(&mut self, service: Service, interface: u32) -> Given {
        self.next_address = self.next_address.wrapping_add(1);
        let session_id = self.boot.session_id();
        Given {
            now_us: self.now_us,
            // 100.64.0.0/10, the range providers share.
            address: 0x6440_0000 | (self.next_address & 0x003F_FFFF),
            active_id: self.boot.active_id(),
            carrier: Carrier::Ppp(OverPpp { service, session_id, interface }),
        }
    }

    fn interface_for(&mut self, service: Service, dialled: &Dialled) -> u32 {
        let bound = self.bindings.get(&(service, dialled.login.clone()));
        let free = bound
            .into_iter()
            .flatten()
            .copied()
            .find(|&slot| self.interfaces[slot as usize].session.is_none());
        free.unwrap_or_else(|| self.make_dynamic(service, dialled))
    }

    fn make_dynamic(&mut self, service: Service, dialled: &Dialled) -> u32 {
        let name = self.free_dynamic_name(service, &dialled.login);
        let id = self.boot.interface_id();
        let server_id = match self.device.switches.server_ids {
            ServerIds::Same => id,
            ServerIds::Different => self.boot.server_id(),
        };
        self.add_interface(Interface::new(id, server_id, name, Kind::DynamicPpp { service }))
    }

    pub(crate) fn free_dynamic_name(&self, service: Service, login: &[u8]) -> Vec<u8> {
        let stem = [b"<", service.name().as_bytes(), b"-", login].concat();
        let mut name = [stem.as_slice(), b">"].concat();
        let mut suffix = 0_u32;
        while self.names.contains_key(&name) {
            suffix += 1;
            name = [stem.as_slice(), format!("-{suffix}>").as_bytes()].concat();
        }
        name
    }

    fn attach(&mut self, slot: u32, key: SessionKey) {
        let now_us = self.now_us;
        let resets = self.device.switches.binding_counters == BindingCounters::Reset;
        let interface = &mut self.interfaces[slot as usize];
        if resets && !interface.is_dynamic() {
            interface.zero(Octets::default());
        }
        interface.session = Some(key);
        interface.link_up_us = Some(now_us);
        self.tell_interface(slot, false);
    }

    pub(crate) fn end_session(&mut self, key: SessionKey) {
        let session = &mut self.sessions[key.0 as usize];
        if !session.is_live() {
            return;
        }
        session.end(self.now_us);
        let carrier = session.carrier;
        self.unsettle(Party::Session(key.0));
        self.drop_queue_of(key);
        match carrier {
            Carrier::Ppp(ppp) => self.hang_up(key, ppp.interface),
            Carrier::Hotspot { host, .. } | Carrier::Bypassed { host } => self.release_host(key, host),
        }
    }

    fn hang_up(&mut self, key: SessionKey, slot: u32) {
        let id = self.sessions[key.0 as usize].active_id;
        self.live_sessions.remove(key.0);
        self.active_by_id.remove(&id);
        self.changes.push(Change { table: Listened::Sessions, item: key.0, id, dead: true });
        self.release(slot);
    }

    fn release(&mut self, slot: u32) {
        let now_us = self.now_us;
        let source = self.source(&self.interfaces[slot as usize]);
        let interface = &mut self.interfaces[slot as usize];
        interface.link_down_us = Some(now_us);
        interface.link_downs += 1;
        if !interface.is_dynamic() {
            interface.detach(source);
            self.tell_interface(slot, false);
            return;
        }
        match self.device.switches.interface_row {
            InterfaceRow::Vanishes => self.drop_interface(slot),
            InterfaceRow::Lingers(lingers) => {
                self.tell_interface(slot, false);
                self.schedule(lingers, Due::DropInterface(slot));
            }
        }
    }
}
