//! Who is connected to a router now, as far as limits need to know it: devices of the hotspot with their addresses, PPP sessions
//! with their interfaces, interfaces that face somebody.

use std::collections::{BTreeMap, BTreeSet};

use accounting::snapshot::Service;

use super::logins::Logins;
use crate::routeros::queue_target::QueueTarget;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Present {
    /// By MAC in capitals.
    devices: BTreeMap<Vec<u8>, Vec<QueueTarget>>,
    /// By login: the address of each session, where it has one.
    sessions: BTreeMap<Vec<u8>, Vec<(Service, Option<QueueTarget>)>>,
    /// By login.
    interfaces: BTreeMap<Vec<u8>, Vec<Vec<u8>>>,
    /// Interfaces that face somebody.
    facing: BTreeSet<Vec<u8>>,
    /// What those of the hotspot move, where somebody looks.
    pub(super) logins: Logins,
}

impl Present {
    /// Nobody yet.
    pub(super) fn looked_at_by(logins: Logins) -> Present {
        Present { logins, ..Present::default() }
    }

    /// A login of the hotspot. One whose address cannot be read cannot be limited.
    pub(super) fn device(&mut self, mac: &[u8], address: &[u8]) {
        if let Some(address) = QueueTarget::address(address) {
            self.devices.entry(mac.to_ascii_uppercase()).or_default().push(address);
        }
    }

    /// A PPP session.
    pub(super) fn session(&mut self, login: &[u8], service: Service, address: &[u8]) {
        let of = self.sessions.entry(login.to_vec()).or_default();
        of.push((service, QueueTarget::address(address)));
    }

    /// The interface of a PPP session of that login.
    pub(super) fn interface(&mut self, login: &[u8], name: &[u8]) {
        self.interfaces.entry(login.to_vec()).or_default().push(name.to_vec());
    }

    /// An interface that faces somebody.
    pub(super) fn faces(&mut self, name: &[u8]) {
        self.facing.insert(name.to_vec());
    }

    /// That interface, where it is there and can be in a list of targets.
    pub(super) fn facing(&self, name: &[u8]) -> Vec<QueueTarget> {
        let is_there = self.facing.contains(name) && !name.contains(&b',');
        is_there.then(|| QueueTarget::Interface(name.to_vec())).into_iter().collect()
    }

    /// The services of the sessions.
    pub(super) fn services(&self) -> impl Iterator<Item = Service> {
        self.sessions.values().flatten().map(|(service, _)| *service)
    }

    pub(super) fn addresses_of(&self, mac: &[u8]) -> Vec<QueueTarget> {
        sorted(self.devices.get(mac).cloned().unwrap_or_default())
    }

    /// What the queue of that login is aimed at, and their addresses besides. An interface goes with its session, so that nobody
    /// else is limited in their place; one whose name would be two in a list is left for the address.
    pub(super) fn interfaces_of(&self, login: &[u8]) -> (Vec<QueueTarget>, Vec<QueueTarget>) {
        let sessions = self.sessions.get(login).map(Vec::as_slice).unwrap_or_default();
        let addresses: Vec<QueueTarget> =
            sorted(sessions.iter().filter_map(|(_, address)| address.clone()).collect());
        let interfaces = self.interfaces.get(login).map(Vec::as_slice).unwrap_or_default();
        let can_be_listed = |name: &&Vec<u8>| !name.contains(&b',') && !name.is_empty();
        let listed: Vec<&Vec<u8>> = interfaces.iter().filter(can_be_listed).collect();
        if sessions.is_empty() || listed.len() < sessions.len() {
            return (addresses, Vec::new());
        }
        let listed = listed.into_iter().map(|name| QueueTarget::Interface(name.clone())).collect();
        (sorted(listed), addresses)
    }
}

fn sorted(mut targets: Vec<QueueTarget>) -> Vec<QueueTarget> {
    targets.sort();
    targets.dedup();
    targets
}
