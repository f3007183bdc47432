//! Simple queues: the traffic of each one's target, and what of it the queue's counter shows (routeros.md §2.9).
//!
//! The traffic is scripted for each queue by itself: a packet is not matched against targets, so an order of queues, and a
//! parent that counts what its children pass, are not simulated.

use std::collections::BTreeSet;

use super::flow::Flow;
use super::model::World;
use super::octets::Octets;
use super::switches::QueueSet;

/// The menu of the queues.
pub(crate) const QUEUES: &str = "/queue/simple";
/// The menu of the rules that may send traffic past them.
pub(crate) const FILTER_RULES: &str = "/ip/firewall/filter";

/// What a queue has that nobody set more of.
const UNSET: [(&str, &str); 3] = [("parent", "none"), ("max-limit", "0/0"), ("disabled", "false")];

impl World {
    /// A simple queue, as its owner had it before anybody looked; upload and download of its target in bits per second.
    pub fn add_queue(&mut self, name: &str, target: &str, up_bps: u64, down_bps: u64) {
        let set = [("name", name), ("target", target)].into_iter().chain(UNSET);
        let settings = set.map(|(setting, value)| (setting, value.as_bytes().to_vec())).collect();
        self.add_configured(QUEUES, settings);
        self.set_rates_through(name, up_bps, down_bps);
    }

    /// A rule of the firewall that FastTracks: traffic passes the queues by.
    pub fn add_fasttrack_rule(&mut self) {
        let set = [("chain", "forward"), ("action", "fasttrack-connection"), ("disabled", "false")];
        let settings = set.map(|(setting, value)| (setting, value.as_bytes().to_vec()));
        self.add_configured(FILTER_RULES, settings.into_iter().collect());
    }

    /// The names under which queues were ever added, each once.
    #[must_use]
    pub fn queues_made(&self) -> BTreeSet<&[u8]> {
        self.flows.values().map(|flow| &*flow.made_as).collect()
    }

    /// The rates of the traffic of a queue's target from now on, in bits per second, upload first. False if no queue is
    /// called so. Queues are added, set and removed over the API.
    pub fn set_rates_through(&mut self, queue: impl AsRef<[u8]>, up_bps: u64, down_bps: u64) -> bool {
        let Some(item) = self.queue_called(queue.as_ref()) else { return false };
        let now_us = self.now_us;
        self.flows.get_mut(&item).map(|flow| flow.set_rates(now_us, up_bps, down_bps)).is_some()
    }

    /// All traffic there ever was of the targets of the queues added under this name, upload as input: past the queue,
    /// too, and whatever their counters showed.
    #[must_use]
    pub fn traffic_of_queue(&self, made_as: impl AsRef<[u8]>) -> Octets {
        let made_so = self.flows.values().filter(|flow| flow.made_as == made_as.as_ref());
        made_so.map(|flow| flow.traffic(self.now_us)).sum()
    }

    /// What the queue shows: `bytes`, upload as input.
    pub(crate) fn queue_counter(&self, item: u32) -> Octets {
        self.flows.get(&item).map(|flow| flow.counter(self.now_us)).unwrap_or_default()
    }

    pub(crate) fn reset_queue(&mut self, item: u32) {
        let now_us = self.now_us;
        if let Some(flow) = self.flows.get_mut(&item) {
            flow.reset(now_us);
        }
    }

    pub(crate) fn restart_queues(&mut self) {
        let now_us = self.now_us;
        self.flows.values_mut().for_each(|flow| flow.reset(now_us));
    }

    /// Somebody added, set or removed this item of this menu.
    pub(crate) fn queues_follow(&mut self, path: &'static str, item: u32) {
        match path {
            QUEUES => self.queue_was_set(item),
            FILTER_RULES => {
                let all: Vec<u32> = self.flows.keys().copied().collect();
                all.into_iter().for_each(|item| self.lead_traffic(item));
            }
            _ => {}
        }
    }

    fn queue_was_set(&mut self, item: u32) {
        let now_us = self.now_us;
        if !self.flows.contains_key(&item) {
            let name = self.configured(QUEUES).item(item).get("name").unwrap_or_default();
            let flow = Flow::new(name, now_us);
            self.flows.insert(item, flow);
        } else if self.device.switches.queue_set == QueueSet::StartsOver {
            self.reset_queue(item);
        }
        if !self.configured(QUEUES).has(item)
            && let Some(flow) = self.flows.get_mut(&item)
        {
            flow.set_rates(now_us, 0, 0);
        }
        self.lead_traffic(item);
    }

    /// Through the queue, or past it.
    fn lead_traffic(&mut self, item: u32) {
        let queues = self.configured(QUEUES);
        let is_on = queues.has(item) && queues.item(item).get("disabled") != Some(b"true");
        let passes = is_on && !self.fasttracks();
        let now_us = self.now_us;
        if let Some(flow) = self.flows.get_mut(&item) {
            flow.pass(now_us, passes);
        }
    }

    /// All traffic, as soon as there is a rule; a real router FastTracks established connections only.
    fn fasttracks(&self) -> bool {
        let rules = self.configured(FILTER_RULES);
        let on = rules.find(|rule| {
            rule.get("action") == Some(b"fasttrack-connection") && rule.get("disabled") != Some(b"true")
        });
        on.is_some()
    }

    fn queue_called(&self, name: &[u8]) -> Option<u32> {
        self.configured(QUEUES).find(|queue| queue.get("name") == Some(name))
    }
}
