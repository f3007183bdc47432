//! Interfaces that come and go, static ones that stay, and counters reset by hand.

use super::changes::{Change, Listened};
use super::interface::{FixedKind, HandReset, Interface, Kind};
use super::model::{Due, World};
use super::party::Party;
use super::service::Service;
use super::stream::{Pace, Stream};

impl World {
    /// A static PPPoE server binding: an interface that exists all the time and carries `user`'s session when
    /// there is one (routeros.md §2.4, §2.7). `name` is the interface's name, for example `pppoe-in1`.
    ///
    /// # Panics
    /// When an interface of that name exists.
    pub fn add_binding(&mut self, name: impl AsRef<[u8]>, user: impl AsRef<[u8]>) {
        self.add_binding_for(Service::Pppoe, name, user);
    }

    /// As [`World::add_binding`], for any PPP service.
    pub fn add_binding_for(&mut self, service: Service, name: impl AsRef<[u8]>, user: impl AsRef<[u8]>) {
        let user = user.as_ref().to_vec();
        let kind = Kind::Binding { service, user: user.clone() };
        let slot = self.add_fixed(name.as_ref(), kind);
        self.bindings.entry((service, user)).or_default().push(slot);
    }

    /// An interface without sessions, with its own traffic: bits per second received and sent by the router.
    pub fn add_fixed_interface(&mut self, name: &str, kind: FixedKind, received_bps: u64, sent_bps: u64) {
        let stream = Stream::new(self.now_us, Pace::new(received_bps, sent_bps));
        let slot = self.add_fixed(name.as_bytes(), Kind::Fixed { kind, stream });
        self.interfaces[slot as usize].link_up_us = Some(self.now_us);
        self.unsettle(Party::Fixed(slot));
    }

    /// The interfaces a small provider's router has besides its subscribers: an uplink `ether1` with traffic in
    /// the reverse direction (routeros.md §3), a bridge, and the VLAN the subscribers come in on. Each carries less than
    /// 100 Mbit/s can.
    pub fn add_usual_interfaces(&mut self) {
        self.add_fixed_interface("ether1", FixedKind::Ether, 72_000_000, 9_000_000);
        self.add_fixed_interface("ether2", FixedKind::Ether, 9_000_000, 72_000_000);
        self.add_fixed_interface("bridge1", FixedKind::Bridge, 2_000_000, 3_000_000);
        self.add_fixed_interface("vlan100", FixedKind::Vlan, 8_800_000, 71_000_000);
    }

    /// Resets one interface's counters by hand, as any admin can (routeros.md §4). False if no interface is
    /// called so.
    pub fn reset_counters(&mut self, name: impl AsRef<[u8]>) -> bool {
        match self.names.get(name.as_ref()) {
            Some(&Some(slot)) => {
                self.reset_slot(slot);
                true
            }
            Some(None) | None => false,
        }
    }

    /// Resets the counters of every interface by hand.
    pub fn reset_all_counters(&mut self) {
        let slots: Vec<u32> = self.live_interfaces.iter().collect();
        for slot in slots {
            self.reset_slot(slot);
        }
    }

    pub(crate) fn reset_slot(&mut self, slot: u32) {
        let before = self.counter(slot);
        let session = self.live_session_on(slot);
        let source = self.source(&self.interfaces[slot as usize]);
        let at_us = self.now_us;
        let interface = &mut self.interfaces[slot as usize];
        interface.zero(source);
        interface.resets += 1;
        interface.hand_resets.push(HandReset { session, at_us, before });
    }

    fn add_fixed(&mut self, name: &[u8], kind: Kind) -> u32 {
        let id = self.next_fixed_id;
        self.next_fixed_id += 1;
        self.add_interface(Interface::new(id, id, name.to_vec(), kind))
    }

    pub(crate) fn add_interface(&mut self, interface: Interface) -> u32 {
        let slot = u32::try_from(self.interfaces.len()).expect("fewer than 2^32 interfaces");
        let name = interface.name.clone();
        let taken = self.names.insert(name.clone(), Some(slot));
        assert!(taken.is_none(), "two interfaces called {}", name.escape_ascii());
        self.interfaces.push(interface);
        self.live_interfaces.insert(slot);
        self.queues_follow_interface(&name);
        slot
    }

    pub(crate) fn drop_interface(&mut self, slot: u32) {
        if !self.live_interfaces.remove(slot) {
            return;
        }
        self.tell_interface(slot, true);
        let name = self.interfaces[slot as usize].name.clone();
        self.queues_follow_interface(&name);
        let held = self.device.switches.name_held;
        if held.is_zero() {
            self.names.remove(&name);
        } else {
            self.names.insert(name.clone(), None);
            self.schedule(held, Due::FreeName(name));
        }
    }

    /// The slot of the interface of that name.
    pub(crate) fn interface_called(&self, name: &[u8]) -> Option<u32> {
        self.names.get(name).copied().flatten()
    }

    pub(crate) fn free_name(&mut self, name: &[u8]) {
        if self.names.get(name) == Some(&None) {
            self.names.remove(name);
        }
    }

    pub(crate) fn tell_interface(&mut self, slot: u32, dead: bool) {
        let id = self.interfaces[slot as usize].id;
        self.changes.push(Change { table: Listened::Interfaces, item: slot, id, dead });
    }
}
