//! Whether a queue or an interface counts traffic that counts for somebody already (DESIGN rule 8). A file may name some
//! thousand of them, so what counts is kept by what one looks for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use accounting::table::Table;
use ipnet::IpNet;
use operations::CounterLook;
use store::Asked;

use super::queues::{Queue, Queues};

/// What counts for somebody on a router.
pub(super) struct Counted<'q> {
    queues: &'q Queues,
    /// Ids of the queues.
    ids: HashSet<u64>,
    /// The ids of queues around them, and which of them is inside.
    around: HashMap<u64, &'q Queue>,
    /// The prefixes of their targets, by first address and length.
    prefixes: BTreeMap<(IpAddr, u8), &'q Queue>,
    /// The other words of their targets: interfaces.
    words: HashMap<&'q [u8], &'q Queue>,
    /// Interfaces that face somebody.
    facing: HashSet<Vec<u8>>,
}

impl<'q> Counted<'q> {
    /// Those that are enrolled: a queue by its id, whatever it is called now, or its name.
    pub(super) fn new(queues: &'q Queues, enrolled: &[Asked]) -> Self {
        let mut counted = Counted {
            queues,
            ids: HashSet::new(),
            around: HashMap::new(),
            prefixes: BTreeMap::new(),
            words: HashMap::new(),
            facing: HashSet::new(),
        };
        let ids: HashSet<u64> = of_queues(enrolled).flat_map(|one| one.ids.iter().copied()).collect();
        queues.iter().filter(|queue| ids.contains(&queue.id)).for_each(|queue| counted.add_queue(queue));
        enrolled.iter().for_each(|one| counted.add(one.table, &one.name));
        counted
    }

    /// One more.
    pub(super) fn add(&mut self, table: Table, name: &[u8]) {
        match table {
            Table::Queue => self.queues.named(name).into_iter().for_each(|queue| self.add_queue(queue)),
            _ => _ = self.facing.insert(name.to_vec()),
        }
    }

    fn add_queue(&mut self, queue: &'q Queue) {
        self.ids.insert(queue.id);
        for outer in self.queues.around(queue) {
            self.around.entry(outer.id).or_insert(queue);
        }
        for target in queue.targets() {
            match prefix(target) {
                Some(prefix) => _ = self.prefixes.entry(key(prefix)).or_insert(queue),
                None => _ = self.words.entry(target).or_insert(queue),
            }
        }
    }

    /// What the queue of that name is. Whose a queue is that counts already is for the store to say.
    pub(super) fn look_at_queue(&self, name: &[u8]) -> CounterLook {
        let Some(new) = self.queues.named(name) else { return CounterLook::NotThere };
        if new.dynamic {
            return CounterLook::OfSessions;
        }
        if self.ids.contains(&new.id) {
            return CounterLook::Fit;
        }
        if let Some(outer) = self.queues.around(new).find(|outer| self.ids.contains(&outer.id)) {
            return CounterLook::WithinQueue(outer.name.clone());
        }
        if let Some(inner) = self.around.get(&new.id) {
            return CounterLook::HoldsQueue(inner.name.clone());
        }
        if let Some(other) = new.targets().find_map(|target| self.with_target(target)) {
            return CounterLook::SharesTarget(other.name.clone());
        }
        match new.targets().find(|target| self.facing.contains(*target)) {
            Some(facing) => CounterLook::OnInterface(facing.to_vec()),
            None => CounterLook::Fit,
        }
    }

    /// What an interface is, for all that queues know.
    pub(super) fn look_at_interface(&self, name: &[u8]) -> CounterLook {
        match self.words.get(name) {
            Some(queue) => CounterLook::PassesQueue(queue.name.clone()),
            None => CounterLook::Fit,
        }
    }

    /// A queue that a packet of this target can belong to: of a prefix within the other's, or of the same interface.
    fn with_target(&self, target: &[u8]) -> Option<&'q Queue> {
        let Some(prefix) = prefix(target) else { return self.words.get(target).copied() };
        let outer = (0..prefix.prefix_len())
            .filter_map(|length| Some(key(IpNet::new(prefix.addr(), length).ok()?.trunc())))
            .find_map(|key| self.prefixes.get(&key));
        let from_its_first_to_its_last = (prefix.network(), 0)..=(prefix.broadcast(), u8::MAX);
        let inner = || self.prefixes.range(from_its_first_to_its_last).next().map(|(_, queue)| queue);
        outer.or_else(inner).copied()
    }
}

fn of_queues(enrolled: &[Asked]) -> impl Iterator<Item = &Asked> {
    enrolled.iter().filter(|one| one.table == Table::Queue)
}

fn prefix(part: &[u8]) -> Option<IpNet> {
    let text = std::str::from_utf8(part).ok()?;
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)).map(|net: IpNet| net.trunc())
}

fn key(prefix: IpNet) -> (IpAddr, u8) {
    (prefix.network(), prefix.prefix_len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_meet_where_one_packet_can_belong_to_both() {
        for (one, other, meet) in [
            ("10.0.0.7/32", "10.0.0.7", true),
            ("10.0.0.0/24", "10.0.0.7/32", true),
            ("10.0.0.9/24", "10.0.0.7/32", true),
            ("192.0.2.1/32,10.0.0.7/32", "10.0.0.0/29", true),
            ("10.0.0.7/32", "10.0.0.8/32", false),
            ("10.0.0.0/25", "10.0.0.128/25", false),
            ("0.0.0.0/0", "10.0.0.7", true),
            ("0.0.0.0/0", "2001:db8::/56", false),
            ("2001:db8::/32", "2001:db8:1::/56", true),
            ("vlan101", "vlan101", true),
            ("vlan101", "vlan10", false),
            ("", "", false),
        ] {
            for (one, other) in [(one, other), (other, one)] {
                let queues = Queues::made_of(&[("one", one, "none"), ("other", other, "none")]);
                let mut counted = Counted::new(&queues, &[]);
                counted.add(Table::Queue, b"one");
                let told = if meet { CounterLook::SharesTarget(b"one".to_vec()) } else { CounterLook::Fit };
                assert_eq!(counted.look_at_queue(b"other"), told, "{one} {other}");
            }
        }
    }

    #[test]
    fn queues_that_go_in_a_circle_are_looked_at_to_an_end() {
        let queues = Queues::made_of(&[("a", "", "b"), ("b", "", "c"), ("c", "", "b"), ("d", "", "none")]);
        let mut counted = Counted::new(&queues, &[]);
        assert_eq!(counted.look_at_queue(b"a"), CounterLook::Fit);
        counted.add(Table::Queue, b"a");
        assert_eq!(counted.look_at_queue(b"c"), CounterLook::HoldsQueue(b"a".to_vec()));
        assert_eq!(counted.look_at_queue(b"d"), CounterLook::Fit);
    }
}
