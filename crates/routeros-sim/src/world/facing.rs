//! Interfaces without sessions that face one subscriber each: what passed on them, and what happens to them.

use std::collections::BTreeSet;

use super::interface::Kind;
use super::model::World;
use super::octets::Octets;
use super::party::Party;
use super::stream::{Pace, Stream};

impl World {
    /// Octets pass on an interface without sessions, besides those of its rates. False if none is called so.
    pub fn transfer_on(&mut self, name: impl AsRef<[u8]>, received: u64, sent: u64) -> bool {
        self.settle();
        self.with_fixed(name.as_ref(), |stream| stream.transfer(Octets::new(received, sent)))
    }

    /// What an interface without sessions would receive and send from now on, in bits per second, if no queue limits it.
    /// False if none is called so.
    pub fn set_rates_on(&mut self, name: impl AsRef<[u8]>, received_bps: u64, sent_bps: u64) -> bool {
        self.with_fixed(name.as_ref(), |stream| stream.wish_for(Pace::new(received_bps, sent_bps)))
    }

    /// Gives an interface another name, as any admin can; its row and its counters stay. False if none is called so, or
    /// the other name is taken.
    pub fn rename_interface(&mut self, name: impl AsRef<[u8]>, to: impl AsRef<[u8]>) -> bool {
        let (name, to) = (name.as_ref(), to.as_ref());
        let Some(&Some(slot)) = self.names.get(name).filter(|_| !self.names.contains_key(to)) else {
            return false;
        };
        self.names.remove(name);
        self.names.insert(to.to_vec(), Some(slot));
        self.interfaces[slot as usize].name = to.to_vec();
        self.tell_interface(slot, false);
        self.unsettle_all();
        true
    }

    /// Removes an interface without sessions. False if none is called so.
    pub fn remove_interface(&mut self, name: impl AsRef<[u8]>) -> bool {
        let Some(&Some(slot)) = self.names.get(name.as_ref()) else { return false };
        let counted = self.source(&self.interfaces[slot as usize]);
        let interface = &mut self.interfaces[slot as usize];
        if interface.last_shown.is_none() {
            interface.hidden += counted;
        }
        self.drop_interface(slot);
        self.unsettle(Party::Fixed(slot));
        // Only names of interfaces that the router makes itself stay taken for a while.
        self.names.remove(name.as_ref());
        true
    }

    /// All that the interfaces ever made under this name received and sent, whatever they were called later, and whatever
    /// their counters showed.
    #[must_use]
    pub fn passed_on(&self, made_as: impl AsRef<[u8]>) -> Octets {
        let made_so = self.interfaces.iter().filter(|interface| interface.made_as == made_as.as_ref());
        made_so.map(|interface| interface.before_boot + self.source(interface)).sum()
    }

    /// The names under which interfaces without sessions were ever made, each once.
    #[must_use]
    pub fn fixed_made(&self) -> BTreeSet<&[u8]> {
        let fixed = self.interfaces.iter().filter(|interface| matches!(interface.kind, Kind::Fixed { .. }));
        fixed.map(|interface| &*interface.made_as).collect()
    }

    /// What the interface made under this name is called now; `None` when there is none.
    #[must_use]
    pub fn name_now(&self, made_as: impl AsRef<[u8]>) -> Option<Vec<u8>> {
        let mut live = self.live_interfaces.iter().map(|slot| &self.interfaces[slot as usize]);
        live.find(|interface| interface.made_as == made_as.as_ref()).map(|interface| interface.name.clone())
    }

    /// How often the counters of the interfaces made under this name were reset by hand.
    #[must_use]
    pub fn resets_on(&self, made_as: impl AsRef<[u8]>) -> u32 {
        let made_so = self.interfaces.iter().filter(|interface| interface.made_as == made_as.as_ref());
        made_so.map(|interface| interface.resets).sum()
    }

    /// Of that, what counters reset by hand hid from every poller, for they had overtaken their old values by the next clean
    /// print (DESIGN rule 9), and what interfaces counted that were removed before a print of this boot showed them.
    #[must_use]
    pub fn hidden_on(&self, made_as: impl AsRef<[u8]>) -> Octets {
        let made_so = self.interfaces.iter().filter(|interface| interface.made_as == made_as.as_ref());
        made_so.map(|interface| interface.hidden).sum()
    }

    fn with_fixed(&mut self, name: &[u8], act: impl FnOnce(&mut Stream)) -> bool {
        let Some(slot) = self.interface_called(name) else { return false };
        let party = Party::Fixed(slot);
        self.stream_mut(party).map(act);
        self.unsettle(party);
        true
    }
}
