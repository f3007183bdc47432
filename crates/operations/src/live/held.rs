//! Who holds a watch on whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use accounting::time::HostInstant;
use store::NasId;
use uuid::Uuid;

use super::others::{Others, Want, Wants};
use super::place::Place;
use super::watch::{Customer, Watch, Watched};

/// Whoever was seen to read over Redis reads for so many seconds more: it is looked again before they are over.
const READ_FOR: u64 = 150;

/// Who wants somebody watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// Somebody started it, and it goes on until it is stopped or nobody reads it for long.
    Started,
    /// A reader that looks at them.
    Reader,
}

/// Which watch on somebody it is: one that ended is not the one that somebody else began after it.
pub(super) type Serial = u64;

/// A watch on somebody.
#[derive(Debug)]
pub(super) struct Hold {
    pub(super) customer: Arc<Customer>,
    pub(super) nas: NasId,
    watched: Watched,
    pub(super) started: bool,
    pub(super) readers: usize,
    /// Since when nobody reads.
    unread_since: Option<HostInstant>,
    pub(super) placed_at: HostInstant,
    serial: Serial,
}

/// All watches, and who reads all of them.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) by_customer: BTreeMap<Uuid, Hold>,
    pub(super) readers_of_all: usize,
    /// When somebody was seen last who reads all over Redis.
    pub(super) read_over_redis: Option<HostInstant>,
    /// Of other processes.
    pub(super) others: Others,
    /// Whose slots stand: others were told of them while there was room.
    settled: BTreeSet<Uuid>,
    last: Serial,
}

impl Held {
    /// Takes one more hold; `None` when that needed a slot and none is free.
    pub(super) fn take(
        &mut self,
        place: Place,
        holder: Holder,
        most: u32,
        now: HostInstant,
    ) -> Option<Serial> {
        let taken = self.customers();
        if !taken.contains(&place.customer.id) && taken.len() >= most as usize {
            return None;
        }
        self.last += 1;
        let Place { customer, nas, watched } = place;
        let hold = self.by_customer.entry(customer.id).or_insert_with(|| Hold {
            started: false,
            readers: 0,
            unread_since: None,
            placed_at: now,
            customer: customer.clone(),
            nas,
            watched: watched.clone(),
            serial: self.last,
        });
        (hold.customer, hold.nas, hold.watched, hold.placed_at) = (customer, nas, watched, now);
        Some(hold.add(holder))
    }

    /// Takes one more hold on who is watched already; `None` of others.
    pub(super) fn take_more(&mut self, customer: Uuid, holder: Holder) -> Option<Serial> {
        self.by_customer.get_mut(&customer).map(|hold| hold.add(holder))
    }

    /// Lets what was started go; whether it was.
    pub(super) fn stop(&mut self, customer: Uuid) -> bool {
        let hold = self.by_customer.get_mut(&customer);
        let was_started = hold.is_some_and(|hold| std::mem::take(&mut hold.started));
        self.end_if_let_go(customer);
        was_started
    }

    /// Lets a reader's hold on that watch go, if it is still the one.
    pub(super) fn let_go(&mut self, customer: Uuid, serial: Serial) {
        let hold = self.by_customer.get_mut(&customer).filter(|hold| hold.serial == serial);
        hold.into_iter().for_each(|hold| hold.readers = hold.readers.saturating_sub(1));
        self.end_if_let_go(customer);
    }

    fn end_if_let_go(&mut self, customer: Uuid) {
        if self.by_customer.get(&customer).is_some_and(|hold| !hold.started && hold.readers == 0) {
            self.by_customer.remove(&customer);
        }
    }

    /// Somebody is found elsewhere, or called otherwise, or only looked at again.
    pub(super) fn replace(&mut self, place: Place, now: HostInstant) {
        if let Some(hold) = self.by_customer.get_mut(&place.customer.id) {
            (hold.customer, hold.nas, hold.watched, hold.placed_at) =
                (place.customer, place.nas, place.watched, now);
        }
    }

    /// Whether this process knows of somebody who reads whoever is watched.
    pub(super) fn is_all_read(&self, now: HostInstant) -> bool {
        let age = self.read_over_redis.and_then(|read| now.seconds_since(read));
        self.readers_of_all > 0 || age.is_some_and(|age| age < READ_FOR)
    }

    /// Started ones that nobody has read for so many seconds by now.
    pub(super) fn unread_for(&mut self, seconds: u64, now: HostInstant) -> Vec<Uuid> {
        let read = self.is_all_read(now) || self.others.read_all();
        let mut unread = Vec::new();
        for (customer, hold) in &mut self.by_customer {
            if read || hold.readers > 0 || self.others.of(*customer).any(|want| want.readers > 0) {
                hold.unread_since = None;
                continue;
            }
            let since = *hold.unread_since.get_or_insert(now);
            if hold.started && now.seconds_since(since).is_some_and(|unread| unread >= seconds) {
                unread.push(*customer);
            }
        }
        unread
    }

    /// Who is watched for anybody.
    pub(super) fn customers(&self) -> BTreeSet<Uuid> {
        self.by_customer.keys().copied().chain(self.others.customers()).collect()
    }

    /// This process' wants stand now where all hear them; who is beyond the slots there, among those it told of for the first
    /// time, the youngest first.
    pub(super) fn settle(&mut self, told: &Wants, most: u32) -> Vec<Uuid> {
        let (others, mine): (BTreeSet<Uuid>, BTreeSet<Uuid>) =
            (self.others.customers(), told.customers.iter().map(|want| want.customer.id).collect());
        let mut new: Vec<_> = mine.difference(&self.settled).filter(|id| !others.contains(id)).collect();
        new.sort_unstable_by_key(|id| std::cmp::Reverse(self.by_customer.get(id).map(|hold| hold.serial)));
        let excess = mine.union(&others).count().saturating_sub(most as usize);
        let beyond: Vec<Uuid> = new.into_iter().take(excess).copied().collect();
        self.settled = mine.into_iter().filter(|id| !beyond.contains(id)).collect();
        beyond
    }

    /// How somebody is watched: as this process found them or, where they are watched for others only, as one of those did.
    pub(super) fn want(&self, customer: Uuid) -> Option<Want> {
        let own = self.by_customer.get(&customer).map(Hold::want);
        own.or_else(|| self.others.of(customer).next().cloned())
    }

    /// Who is to be watched on a router.
    pub(super) fn on(&self, nas: NasId) -> Vec<Watch> {
        let all = self.customers().into_iter().filter_map(|customer| self.want(customer));
        all.filter(|want| want.nas == nas).map(|want| want.watch()).collect()
    }
}

impl Hold {
    /// As others are told of it.
    pub(super) fn want(&self) -> Want {
        Want {
            customer: self.customer.clone(),
            nas: self.nas,
            watched: self.watched.clone(),
            started: self.started,
            readers: self.readers,
        }
    }

    fn add(&mut self, holder: Holder) -> Serial {
        match holder {
            Holder::Started => (self.started, self.unread_since) = (true, None),
            Holder::Reader => self.readers += 1,
        }
        self.serial
    }
}
