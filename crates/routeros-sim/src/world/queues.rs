//! Simple queues as scripts and clients meet them (routeros.md §2.9).
//!
//! A parent that limits and counts what its children pass is not simulated: each queue is matched by itself.

use std::collections::BTreeSet;

use super::model::World;
use super::octets::Octets;
use super::party::Party;
use super::queue::{FILTER_RULES, QUEUES, Script};
use super::queueing::QueueSet;
use super::stream::{Pace, Stream};
use super::target::Target;

/// What a queue has that nobody set more of.
const UNSET: [(&str, &str); 3] = [("parent", "none"), ("max-limit", "0/0"), ("disabled", "false")];

/// Settings by which a queue takes only a part.
const CONDITIONS: [&str; 3] = ["dst", "packet-marks", "time"];

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

    /// The names under which queues were ever added, each once; those that the router made itself are not among them.
    #[must_use]
    pub fn queues_made(&self) -> BTreeSet<&[u8]> {
        self.scripts().map(|script| &*script.made_as).collect()
    }

    /// What a queue's target would move from now on besides what sessions and interfaces move, in bits per second, upload
    /// first: the traffic of somebody whom nothing else counts. It comes from the queue's first target, so that it passes
    /// the first queue that is aimed there, whichever that is. False if no queue is called so. Queues are added, set and
    /// removed over the API.
    pub fn set_rates_through(&mut self, queue: impl AsRef<[u8]>, up_bps: u64, down_bps: u64) -> bool {
        let Some(item) = self.queue_called(queue.as_ref()) else { return false };
        let party = Party::Scripted(item);
        let has_script =
            self.stream_mut(party).map(|stream| stream.wish_for(Pace::new(up_bps, down_bps))).is_some();
        self.unsettle(party);
        has_script
    }

    /// All that ever passed of the traffic that [`World::set_rates_through`] gave the queues added under this name, upload
    /// as input: through whatever queue, or past them all, and whatever their counters showed.
    #[must_use]
    pub fn traffic_of_queue(&self, made_as: impl AsRef<[u8]>) -> Octets {
        let made_so = self.scripts().filter(|script| script.made_as == made_as.as_ref());
        made_so.map(|script| script.stream.octets(self.now_us)).sum()
    }

    /// What the queue shows: `bytes`, upload as input.
    pub(crate) fn queue_counter(&self, item: u32) -> Octets {
        let Some(queue) = self.queues.by_item.get(&item) else { return Octets::default() };
        let passed = queue.members.iter().map(|(party, before)| self.passed_of(*party).since(*before));
        passed.fold(queue.counted, |counted, passed| counted + passed)
    }

    /// Bits per second that pass the queue now: upload, download.
    pub(crate) fn queue_rates(&self, item: u32) -> (u64, u64) {
        let members = self.queues.by_item.get(&item).into_iter().flat_map(|queue| queue.members.keys());
        let passing = members.filter_map(|party| self.stream(*party)).map(Stream::passing);
        passing.fold((0, 0), |(up, down), pace| (up + pace.up_bps, down + pace.down_bps))
    }

    /// Whether it is aimed at an interface that is gone (routeros.md §2.9).
    pub(crate) fn queue_is_invalid(&self, item: u32) -> bool {
        let gone = |target: &Target| match target {
            Target::Interface(name) => self.interface_called(name).is_none(),
            Target::Prefix(_) => false,
        };
        self.queues.by_item.get(&item).is_some_and(|queue| queue.targets.iter().any(gone))
    }

    pub(crate) fn reset_queue(&mut self, item: u32) {
        let Some(queue) = self.queues.by_item.get(&item) else { return };
        let members = queue.members.keys().map(|party| (*party, self.passed_of(*party))).collect();
        if let Some(queue) = self.queues.by_item.get_mut(&item) {
            (queue.counted, queue.members) = (Octets::default(), members);
        }
    }

    /// After a reboot: everybody's traffic finds its way anew.
    pub(crate) fn restart_queues(&mut self) {
        self.drop_dynamic_queues();
        for party in self.parties() {
            if let Some(stream) = self.stream_mut(party) {
                stream.queue = None;
            }
        }
        for queue in self.queues.by_item.values_mut() {
            queue.members.clear();
            queue.counted = Octets::default();
        }
        self.unsettle_all();
    }

    /// Somebody added, set, moved or removed this item of this menu.
    pub(crate) fn queues_follow(&mut self, path: &'static str, item: u32) {
        match path {
            QUEUES => self.queue_was_set(item),
            FILTER_RULES => self.unsettle_all(),
            _ => {}
        }
    }

    /// An interface of this name came or went.
    pub(crate) fn queues_follow_interface(&mut self, name: &[u8]) {
        let names = |target: &Target| matches!(target, Target::Interface(aimed) if aimed == name);
        if self.queues.by_item.values().any(|queue| queue.targets.iter().any(names)) {
            self.unsettle_all();
        }
    }

    fn queue_was_set(&mut self, item: u32) {
        if self.queues.by_item.contains_key(&item) && self.device.switches.queue_set == QueueSet::StartsOver {
            self.reset_queue(item);
        }
        let rows = self.configured.get(QUEUES).filter(|rows| rows.has(item));
        let queue = self.queues.by_item.entry(item).or_default();
        match rows.map(|rows| rows.item(item)) {
            Some(row) => queue.follow(row, self.now_us),
            None => queue.falls_silent(),
        }
        self.unsettle_all();
    }

    /// One that takes only a part of its target's traffic takes none here: no traffic of a script has a destination, marks or hours.
    pub(super) fn queue_is_open(&self, item: u32) -> bool {
        let row = self.configured(QUEUES).item(item);
        let takes_all = CONDITIONS.iter().all(|setting| row.get(setting).is_none_or(<[u8]>::is_empty));
        takes_all && row.get("disabled") != Some(b"true") && !self.queue_is_invalid(item)
    }

    /// Queues that the router made itself leave nothing behind.
    pub(super) fn forget_removed_queues(&mut self) {
        let rows = self.configured.get(QUEUES);
        let is_there = |item| rows.is_some_and(|rows| rows.has(item));
        self.queues.by_item.retain(|&item, queue| queue.script.is_some() || is_there(item));
    }

    /// All traffic, as soon as there is a rule; a real router FastTracks established connections only.
    pub(super) fn fasttracks(&self) -> bool {
        let rules = self.configured(FILTER_RULES);
        let on = rules.find(|rule| {
            rule.get("action") == Some(b"fasttrack-connection") && rule.get("disabled") != Some(b"true")
        });
        on.is_some()
    }

    fn scripts(&self) -> impl Iterator<Item = &Script> {
        self.queues.by_item.values().filter_map(|queue| queue.script.as_ref())
    }

    fn queue_called(&self, name: &[u8]) -> Option<u32> {
        self.configured(QUEUES).find(|queue| queue.get("name") == Some(name))
    }
}
