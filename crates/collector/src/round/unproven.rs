//! Sessions of services whose interface type nobody has seen yet. The counter print asks for types, and only PPPoE's and
//! OpenVPN's are established (routeros.md §2.5): a session of another service may begin without any trace there. So each
//! round asks which sessions such services have, by id alone; a new id is a reason to read the owner tables whole. A
//! service whose interface the types did find is asked for no more: most routers answer with no row at all.

use accounting::snapshot::{CounterRows, Identified, Service};
use routeros_proto::Command;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::routeros::sessions;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Unproven {
    proven: Vec<Service>,
    known: FxHashSet<u64>,
}

impl Default for Unproven {
    fn default() -> Self {
        Unproven { proven: vec![Service::Pppoe, Service::Ovpn], known: FxHashSet::default() }
    }
}

impl Unproven {
    /// Asks for the sessions of all services but the proven ones.
    pub(super) fn question(&self) -> Command {
        let services: Vec<&str> = self.proven.iter().map(|service| service.as_str()).collect();
        sessions::print_ids_but_of(&services)
    }

    /// True when a session is among them that was not there at the last whole read.
    pub(super) fn is_news(&self, shown: &FxHashSet<u64>) -> bool {
        shown.iter().any(|id| !self.known.contains(id))
    }

    /// A round that showed these succeeded; `whole`: it read the owner tables whole. An id that is gone may be used again.
    pub(super) fn remember(&mut self, shown: &FxHashSet<u64>, whole: bool) {
        if whole {
            self.known.clone_from(shown);
        } else {
            self.known.retain(|id| shown.contains(id));
        }
    }

    /// Learns which services' interfaces the types found: those of `counters` that nobody asked for by their names.
    pub(super) fn learn(&mut self, found: &Identified, counters: &CounterRows, by_name: &FxHashSet<&[u8]>) {
        let sessions = found.owners.iter().filter_map(|owner| Some((owner, owner.session.as_ref()?.service)));
        let unproven = sessions.filter(|(_, service)| self.is_unproven(*service));
        let mut wanted: FxHashMap<&[u8], Service> =
            unproven.map(|(owner, service)| (&*owner.counter_name, service)).collect();
        if wanted.is_empty() {
            return;
        }
        let by_type = counters.rows().filter(|row| !by_name.contains(row.name));
        for service in by_type.filter_map(|row| wanted.remove(row.name)) {
            if self.is_unproven(service) {
                self.proven.push(service);
            }
        }
    }

    fn is_unproven(&self, service: Service) -> bool {
        service != Service::OtherPpp && !self.proven.contains(&service)
    }
}
