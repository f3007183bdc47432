//! Where everybody's traffic comes from, and how much of it passed.

use std::net::{IpAddr, Ipv4Addr};

use super::interface::{Interface, Kind};
use super::model::World;
use super::octets::Octets;
use super::party::Party;
use super::queue::QUEUES;
use super::session::Session;
use super::stream::Stream;
use super::target::{Prefix, Target};

impl World {
    /// All that may move something.
    pub(super) fn parties(&self) -> Vec<Party> {
        let fixed =
            self.live_interfaces.iter().filter(|&slot| fixed(&self.interfaces[slot as usize]).is_some());
        let sessions = self.all_live().map(|key| Party::Session(key.0));
        let scripted = self.queues.by_item.iter().filter(|(_, queue)| queue.script.is_some());
        let scripted = scripted.map(|(&item, _)| Party::Scripted(item));
        sessions.chain(fixed.map(Party::Fixed)).chain(scripted).collect()
    }

    pub(super) fn stream(&self, party: Party) -> Option<&Stream> {
        match party {
            Party::Session(key) => Some(&self.sessions[key as usize].stream),
            Party::Fixed(slot) => fixed(&self.interfaces[slot as usize]),
            Party::Scripted(item) => {
                self.queues.by_item.get(&item)?.script.as_ref().map(|script| &script.stream)
            }
        }
    }

    pub(super) fn stream_mut(&mut self, party: Party) -> Option<&mut Stream> {
        match party {
            Party::Session(key) => Some(&mut self.sessions[key as usize].stream),
            Party::Fixed(slot) => match &mut self.interfaces[slot as usize].kind {
                Kind::Fixed { stream, .. } => Some(stream),
                Kind::DynamicPpp { .. } | Kind::Binding { .. } => None,
            },
            Party::Scripted(item) => {
                self.queues.by_item.get_mut(&item)?.script.as_mut().map(|script| &mut script.stream)
            }
        }
    }

    /// All that passed of it.
    pub(super) fn passed_of(&self, party: Party) -> Octets {
        match party {
            Party::Session(key) => self.sessions[key as usize].octets(self.now_us),
            Party::Fixed(_) | Party::Scripted(_) => {
                self.stream(party).map(|stream| stream.octets(self.now_us)).unwrap_or_default()
            }
        }
    }

    /// Where its traffic comes from; nowhere once it is gone.
    pub(super) fn places(&self, party: Party) -> Vec<Target> {
        match party {
            Party::Session(key) => self.places_of_session(&self.sessions[key as usize]),
            Party::Fixed(slot) if self.live_interfaces.contains(slot) => {
                vec![Target::Interface(self.interfaces[slot as usize].name.clone())]
            }
            Party::Scripted(item) if self.configured(QUEUES).has(item) => {
                let targets = self.queues.by_item.get(&item).map(|queue| &*queue.targets);
                targets.and_then(<[Target]>::first).cloned().into_iter().collect()
            }
            Party::Fixed(_) | Party::Scripted(_) => Vec::new(),
        }
    }

    fn places_of_session(&self, session: &Session) -> Vec<Target> {
        if !session.is_live() {
            return Vec::new();
        }
        let address = IpAddr::V4(Ipv4Addr::from_bits(session.address));
        let name = session.ppp().map(|ppp| self.interfaces[ppp.interface as usize].name.clone());
        let address = Target::Prefix(Prefix::host(address));
        std::iter::once(address).chain(name.map(Target::Interface)).collect()
    }
}

fn fixed(interface: &Interface) -> Option<&Stream> {
    match &interface.kind {
        Kind::Fixed { stream, .. } => Some(stream),
        Kind::DynamicPpp { .. } | Kind::Binding { .. } => None,
    }
}
