//! The queues of a router by name and by what they are aimed at, so that thousands of limits are compared with thousands of queues
//! without each meeting each.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use crate::routeros::queue_target::QueueTarget;
use crate::routeros::simple_queue::SimpleQueue;

/// See the module.
#[derive(Debug)]
pub(super) struct QueueIndex<'s> {
    /// In the order in which packets meet them.
    queues: &'s [SimpleQueue],
    by_name: HashMap<&'s [u8], usize>,
    /// Places of queues, by their targets.
    prefixes: BTreeMap<(IpAddr, u8), Vec<usize>>,
    interfaces: HashMap<&'s [u8], Vec<usize>>,
    /// How many bits the prefixes have.
    lengths: BTreeSet<u8>,
    /// Those of which nobody knows here whose traffic they take.
    vague: Vec<usize>,
}

impl<'s> QueueIndex<'s> {
    pub(super) fn new(queues: &'s [SimpleQueue]) -> QueueIndex<'s> {
        let mut index = QueueIndex {
            queues,
            by_name: HashMap::with_capacity(queues.len()),
            prefixes: BTreeMap::new(),
            interfaces: HashMap::new(),
            lengths: BTreeSet::new(),
            vague: Vec::new(),
        };
        for (place, queue) in queues.iter().enumerate() {
            index.by_name.entry(&queue.name).or_insert(place);
            index.take(place, queue);
        }
        index
    }

    fn take(&mut self, place: usize, queue: &'s SimpleQueue) {
        for target in &queue.targets {
            match target {
                QueueTarget::Prefix(address, bits) => {
                    self.lengths.insert(*bits);
                    let key = (QueueTarget::first_of(*address, *bits), *bits);
                    self.prefixes.entry(key).or_default().push(place);
                }
                QueueTarget::Interface(name) => self.interfaces.entry(name).or_default().push(place),
            }
        }
        // What the router made is aimed at the interface of one session; one of ours at its own.
        let is_of_others = queue.dynamic || queue.is_ours();
        let is_vague = queue.targets.iter().any(|target| matches!(target, QueueTarget::Interface(_)));
        if is_vague && !is_of_others {
            self.vague.push(place);
        }
    }

    /// The queue of that name.
    pub(super) fn named(&self, name: &[u8]) -> Option<&'s SimpleQueue> {
        self.by_name.get(name).map(|place| &self.queues[*place])
    }

    /// Every queue that may take traffic of one of `targets`, in the order in which packets meet them, and perhaps some that do not:
    /// those aimed at the same, at a prefix around it or at one within it, and those that nobody knows.
    pub(super) fn near<'t>(
        &self,
        targets: impl Iterator<Item = &'t QueueTarget>,
    ) -> impl Iterator<Item = &'s SimpleQueue> {
        let mut places: BTreeSet<usize> = self.vague.iter().copied().collect();
        for target in targets {
            match target {
                QueueTarget::Interface(name) => {
                    places.extend(self.interfaces.get(&**name).into_iter().flatten())
                }
                QueueTarget::Prefix(address, bits) => {
                    places.extend(self.around(*address, *bits).chain(self.within(*address, *bits)));
                }
            }
        }
        places.into_iter().map(|place| &self.queues[place])
    }

    fn around(&self, address: IpAddr, bits: u8) -> impl Iterator<Item = usize> {
        let wider = self.lengths.range(..=bits);
        let keys = wider.map(move |bits| (QueueTarget::first_of(address, *bits), *bits));
        keys.filter_map(|key| self.prefixes.get(&key)).flatten().copied()
    }

    fn within(&self, address: IpAddr, bits: u8) -> impl Iterator<Item = usize> {
        let first = (QueueTarget::first_of(address, bits), bits);
        let whole = QueueTarget::Prefix(address, bits);
        let inside = move |(first, bits): &(IpAddr, u8)| whole.covers(&QueueTarget::Prefix(*first, *bits));
        let rows = self.prefixes.range(first..).take_while(move |(key, _)| inside(key));
        rows.flat_map(|(_, places)| places).copied()
    }

    /// The first queue that takes all traffic of an address. Queues aimed at interfaces are passed over, and those that
    /// take only a part of it.
    pub(super) fn first_of(&self, address: &QueueTarget) -> Option<&'s SimpleQueue> {
        let takes = |queue: &&SimpleQueue| {
            !queue.is_off
                && !queue.is_conditional
                && queue.targets.iter().any(|target| target.covers(address))
        };
        self.near(std::iter::once(address)).find(takes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn target() -> impl Strategy<Value = QueueTarget> {
        let v4 = (0u8..4, 0u8..4, prop_oneof![Just(32u8), Just(30), Just(24), Just(16), Just(0)]);
        let v4 = v4.prop_map(|(c, d, bits)| QueueTarget::Prefix(IpAddr::from([10, 0, c, d]), bits));
        let v6 = (0u16..4, prop_oneof![Just(128u8), Just(64), Just(0)]);
        let v6 = v6.prop_map(|(last, bits)| {
            QueueTarget::Prefix(IpAddr::from([0xfd00, 0, 0, last, 0, 0, 0, last]), bits)
        });
        let interface = (0u8..4).prop_map(|which| QueueTarget::Interface(vec![b'e', which]));
        prop_oneof![4 => v4, 1 => v6, 2 => interface]
    }

    fn queue((targets, dynamic, is_off): (Vec<QueueTarget>, bool, bool)) -> SimpleQueue {
        SimpleQueue {
            id: b"*1".to_vec(),
            name: format!("{targets:?}").into_bytes(),
            targets,
            max_limit: None,
            dynamic,
            is_off,
            is_conditional: false,
            whose: operations::Whose::Foreign,
            comment: Vec::new(),
            octets: None,
        }
    }

    proptest! {
        #[test]
        fn what_is_near_is_all_that_each_queue_by_itself_would_be(
            rows in prop::collection::vec((prop::collection::vec(target(), 0..3), any::<bool>(), any::<bool>()), 0..40),
            asked in target(),
        ) {
            let queues: Vec<SimpleQueue> = rows.into_iter().map(queue).collect();
            let index = QueueIndex::new(&queues);
            let near: Vec<*const SimpleQueue> = index.near([&asked].into_iter()).map(std::ptr::from_ref).collect();
            prop_assert!(near.is_sorted(), "in the order of packets");
            let meets = |target: &QueueTarget| target.covers(&asked) || asked.covers(target);
            let is_vague = |queue: &SimpleQueue| {
                !queue.dynamic && queue.targets.iter().any(|one| matches!(one, QueueTarget::Interface(_)))
            };
            for queue in &queues {
                let expected = queue.targets.iter().any(meets) || is_vague(queue);
                prop_assert_eq!(near.contains(&std::ptr::from_ref(queue)), expected, "{:?}", queue);
            }
            let first = queues.iter().find(|one| !one.is_off && one.targets.iter().any(|target| target.covers(&asked)));
            prop_assert_eq!(index.first_of(&asked).map(std::ptr::from_ref), first.map(std::ptr::from_ref));
            for queue in &queues {
                prop_assert_eq!(&index.named(&queue.name).unwrap().name, &queue.name);
            }
        }
    }
}
