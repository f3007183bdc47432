//! What was started in one process and is to end, asked for in another.
//!
//! It is told in every telling of a few seconds, so that one that is lost is made good, and obeyed once: what somebody started
//! meanwhile goes on. What could not be told in that time is not told any more.

use std::collections::BTreeMap;

use accounting::time::HostInstant;
use uuid::Uuid;

/// For so many seconds it is told; then it is what somebody wanted once.
const TOLD_FOR: u64 = 6;
/// For so many seconds it is known that it was obeyed: longer than it is told, and than it is on its way.
const KNOWN_FOR: u64 = 60;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Its own name.
    pub id: Uuid,
    /// Who is to be watched no longer, unless somebody looks at them.
    pub customer: Uuid,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Stops {
    asked: Vec<(Stop, HostInstant)>,
    obeyed: BTreeMap<Uuid, HostInstant>,
}

impl Stops {
    /// Others are to be told.
    pub(super) fn ask(&mut self, customer: Uuid, now: HostInstant) {
        self.asked.push((Stop { id: Uuid::new_v4(), customer }, now));
    }

    /// What they are told now.
    pub(super) fn told(&mut self, now: HostInstant) -> Vec<Stop> {
        self.asked.retain(|(_, asked)| is_within(*asked, TOLD_FOR, now));
        self.asked.iter().map(|(stop, _)| *stop).collect()
    }

    /// Those of them that were not obeyed before.
    pub(super) fn obey(&mut self, told: Vec<Stop>, now: HostInstant) -> Vec<Uuid> {
        self.obeyed.retain(|_, since| is_within(*since, KNOWN_FOR, now));
        let new = told.into_iter().filter(|stop| self.obeyed.insert(stop.id, now).is_none());
        new.map(|stop| stop.customer).collect()
    }
}

fn is_within(since: HostInstant, seconds: u64, now: HostInstant) -> bool {
    now.seconds_since(since).is_some_and(|age| age < seconds)
}
