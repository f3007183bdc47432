//! Which queue takes all traffic of an address, found for many addresses at once: the first that matches (routeros.md §2.9).

use std::collections::HashMap;

use crate::routeros::queue_target::QueueTarget;
use crate::routeros::simple_queue::SimpleQueue;

/// See the module. Queues aimed at interfaces are passed over: nobody knows here what is behind those.
pub(super) struct FirstQueues<'s> {
    /// Of each target the first queue, with its place.
    exact: HashMap<&'s QueueTarget, (usize, &'s SimpleQueue)>,
    /// Those aimed at more than one address, in their order.
    wide: Vec<(usize, &'s QueueTarget, &'s SimpleQueue)>,
}

impl<'s> FirstQueues<'s> {
    pub(super) fn new(queues: &'s [SimpleQueue]) -> FirstQueues<'s> {
        let (mut exact, mut wide) = (HashMap::new(), Vec::new());
        for (place, queue) in queues.iter().enumerate().filter(|(_, queue)| !queue.is_off) {
            for target in &queue.targets {
                match target {
                    QueueTarget::Prefix(address, bits) if *bits == bits_of(address) => {
                        exact.entry(target).or_insert((place, queue));
                    }
                    QueueTarget::Prefix(..) => wide.push((place, target, queue)),
                    QueueTarget::Interface(_) => {}
                }
            }
        }
        FirstQueues { exact, wide }
    }

    pub(super) fn of(&self, address: &QueueTarget) -> Option<&'s SimpleQueue> {
        let exact = self.exact.get(address).copied();
        let wide = self.wide.iter().find(|(_, target, _)| target.covers(address));
        let wide = wide.map(|(place, _, queue)| (*place, *queue));
        exact.into_iter().chain(wide).min_by_key(|(place, _)| *place).map(|(_, queue)| queue)
    }
}

fn bits_of(address: &std::net::IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}
