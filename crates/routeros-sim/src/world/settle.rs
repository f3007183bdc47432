//! Leads everybody's traffic through the first simple queue that is aimed at them, and lets pass what its limit lets.
//!
//! Whoever changes something only says so; nobody can see the difference before time moves, so the world settles
//! then, once for all that changed in an instant.

use std::collections::BTreeSet;

use super::finder::Finder;
use super::model::World;
use super::party::Party;
use super::queue::QUEUES;
use super::shares::shares;
use super::stream::Pace;

impl World {
    /// What this party wishes for, or where it is, changed.
    pub(super) fn unsettle(&mut self, party: Party) {
        self.queues.unsettled.push(party);
    }

    /// The queues changed, or whether traffic meets them.
    pub(super) fn unsettle_all(&mut self) {
        self.queues.stale = true;
    }

    /// Lets everybody move what they may from now on.
    pub(crate) fn settle(&mut self) {
        let is_stale = std::mem::take(&mut self.queues.stale);
        let mut parties = std::mem::take(&mut self.queues.unsettled);
        if is_stale {
            self.queues.finder = self.find_anew();
            parties.extend(self.parties());
        }
        let limited: BTreeSet<u32> = parties.into_iter().flat_map(|party| self.lead(party)).collect();
        limited.into_iter().for_each(|item| self.share(item));
        if is_stale {
            self.forget_removed_queues();
        }
    }

    fn find_anew(&self) -> Finder {
        let mut finder = Finder::default();
        if self.fasttracks() {
            return finder;
        }
        let rows = self.configured(QUEUES);
        let in_order = std::iter::successors(rows.next(None), |item| rows.next(Some(*item)));
        for (place, item) in in_order.enumerate().filter(|(_, item)| self.queue_is_open(*item)) {
            self.queues.by_item[&item].targets.iter().for_each(|target| finder.add(place, item, target));
        }
        finder
    }

    /// Leads a party to its queue, and gives the queues whose limits are to be shared anew.
    fn lead(&mut self, party: Party) -> Vec<u32> {
        let places = self.places(party);
        let to = self.queues.finder.first(&places);
        let now_us = self.now_us;
        let Some(stream) = self.stream(party) else { return Vec::new() };
        let (from, wish) = (stream.queue, stream.wish());
        if from != to {
            self.move_over(party, from, to);
        }
        let pace = if places.is_empty() { Pace::default() } else { wish };
        if !to.is_some_and(|to| self.is_limited(to))
            && let Some(stream) = self.stream_mut(party)
        {
            stream.pass(now_us, pace);
        }
        from.into_iter().chain(to).filter(|item| self.is_limited(*item)).collect()
    }

    fn is_limited(&self, item: u32) -> bool {
        self.queues.by_item.get(&item).is_some_and(|queue| queue.limit != Pace::default())
    }

    fn move_over(&mut self, party: Party, from: Option<u32>, to: Option<u32>) {
        let passed = self.passed_of(party);
        let queues = &mut self.queues.by_item;
        if let Some(queue) = from.and_then(|from| queues.get_mut(&from)) {
            queue.leave(party, passed);
        }
        if let Some(queue) = to.and_then(|to| queues.get_mut(&to)) {
            queue.join(party, passed);
        }
        if let Some(stream) = self.stream_mut(party) {
            stream.queue = to;
        }
    }

    fn share(&mut self, item: u32) {
        let Some(queue) = self.queues.by_item.get(&item) else { return };
        let limit = queue.limit;
        let members: Vec<Party> = queue.members.keys().copied().collect();
        let wishes = members.iter().filter_map(|party| self.stream(*party)).map(|stream| stream.wish());
        let (up, down): (Vec<u64>, Vec<u64>) = wishes.map(|wish| (wish.up_bps, wish.down_bps)).unzip();
        let paces = within(limit.up_bps, up).into_iter().zip(within(limit.down_bps, down));
        let now_us = self.now_us;
        for (party, (up_bps, down_bps)) in members.into_iter().zip(paces) {
            if let Some(stream) = self.stream_mut(party) {
                stream.pass(now_us, Pace::new(up_bps, down_bps));
            }
        }
    }
}

/// 0 is no limit.
fn within(limit_bps: u64, wishes: Vec<u64>) -> Vec<u64> {
    if limit_bps == 0 { wishes } else { shares(limit_bps, &wishes) }
}
