//! What other processes on the same database want watched, as each told it last.
//!
//! A process tells all of it again and again, so that nothing has to be undone when it ends: one that is not heard any
//! more wants nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use accounting::time::HostInstant;
use store::NasId;
use uuid::Uuid;

use super::stops::Stops;
use super::watch::{Customer, Watch, Watched};

/// A process that was not heard for so many seconds wants nothing; each tells every two.
const HEARD_FOR: u64 = 7;

/// All that a process wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Whether anybody can be watched at its routers.
    pub enabled: bool,
    /// Whether somebody reads whoever is watched.
    pub reads_all: bool,
    /// Who is watched for somebody there.
    pub customers: Vec<Want>,
}

/// Somebody who is watched for a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// Who.
    pub customer: Arc<Customer>,
    /// Where.
    pub nas: NasId,
    /// By what.
    pub watched: Watched,
    /// Whether it was started there, and goes on without a reader.
    pub started: bool,
    /// Readers there that look at them.
    pub readers: usize,
}

impl Want {
    /// As it is wanted of the router.
    pub(super) fn watch(&self) -> Watch {
        Watch { customer: self.customer.id, watched: self.watched.clone() }
    }
}

/// Whether processes hear each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Hearing {
    /// There is no way to, or no other.
    #[default]
    No,
    /// They will, as soon as this process has begun to listen.
    Begins,
    /// They do.
    Yes,
    /// Not now; why, in a sentence.
    Trouble(String),
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Others {
    heard: BTreeMap<String, Heard>,
    /// Whom each process had started when it was heard last, however long ago that is.
    started: BTreeMap<String, BTreeSet<Uuid>>,
    pub(super) hearing: Hearing,
    /// Why this process cannot tell others anything, in a sentence.
    pub(super) mute: Option<String>,
    pub(super) stops: Stops,
}

#[derive(Debug)]
struct Heard {
    wants: Wants,
    at: HostInstant,
}

impl Others {
    /// Takes what a process told, in place of what it told before.
    pub(super) fn hear(&mut self, node: &str, wants: Wants, at: HostInstant) {
        let started = wants.customers.iter().filter(|want| want.started).map(|want| want.customer.id);
        self.started.insert(node.to_owned(), started.collect());
        self.heard.insert(node.to_owned(), Heard { wants, at });
    }

    /// Forgets those that are silent; their names.
    pub(super) fn forget_silent(&mut self, now: HostInstant) -> Vec<String> {
        let mut silent = Vec::new();
        self.heard.retain(|node, heard| {
            let is_heard = now.seconds_since(heard.at).is_some_and(|age| age < HEARD_FOR);
            if !is_heard {
                silent.push(node.clone());
            }
            is_heard
        });
        silent
    }

    /// What was told of somebody is started no longer, and whoever started it is to be told; what others want who cannot be told
    /// is theirs to end.
    pub(super) fn stop(&mut self, customer: Uuid, now: HostInstant) {
        if self.why_untold().is_some() {
            return;
        }
        // Also of what was not heard yet.
        self.stops.ask(customer, now);
        let all = self.heard.values_mut().flat_map(|heard| &mut heard.wants.customers);
        all.filter(|want| want.customer.id == customer).for_each(|want| want.started = false);
        self.started.values_mut().for_each(|started| _ = started.remove(&customer));
        for heard in self.heard.values_mut() {
            heard.wants.customers.retain(|want| want.started || want.readers > 0);
        }
    }

    /// Why others cannot be told of anything, in a sentence.
    pub(super) fn why_untold(&self) -> Option<String> {
        match (&self.hearing, &self.mute) {
            (Hearing::Trouble(why), _) | (Hearing::Yes, Some(why)) => Some(why.clone()),
            (Hearing::No, _) => {
                Some("processes tell each other of it over Redis only; set redis.url".to_owned())
            }
            (Hearing::Begins, _) => {
                Some("this process has only just begun and did not hear the others yet; try it again in some seconds".to_owned())
            }
            (Hearing::Yes, None) => None,
        }
    }

    /// Why that process does not hear what it is told, in a sentence; `None`: it was heard itself a moment ago.
    pub(super) fn why_deaf(&self, node: &str) -> Option<String> {
        let is_heard = self.heard.contains_key(node);
        self.why_untold().or_else(|| {
            (!is_heard).then(|| format!("the process {node} is not heard over Redis at the moment"))
        })
    }

    /// Whether that process had started it when it was heard last.
    pub(super) fn has_started(&self, node: &str, customer: Uuid) -> bool {
        self.started.get(node).is_some_and(|started| started.contains(&customer))
    }

    /// Whether somebody elsewhere reads whoever is watched.
    pub(super) fn read_all(&self) -> bool {
        self.heard.values().any(|heard| heard.wants.reads_all)
    }

    /// Whether that process lets its routers be watched; `None` while it is not heard.
    pub(super) fn lets_watch(&self, node: &str) -> Option<bool> {
        self.heard.get(node).map(|heard| heard.wants.enabled)
    }

    /// Whether there is any that is heard.
    pub(super) fn are_heard(&self) -> bool {
        !self.heard.is_empty()
    }

    /// All of it.
    pub(super) fn wants(&self) -> impl Iterator<Item = &Want> {
        self.heard.values().flat_map(|heard| &heard.wants.customers)
    }

    /// What the processes want of somebody.
    pub(super) fn of(&self, customer: Uuid) -> impl Iterator<Item = &Want> {
        self.wants().filter(move |want| want.customer.id == customer)
    }

    /// Who is wanted by any of them.
    pub(super) fn customers(&self) -> BTreeSet<Uuid> {
        self.wants().map(|want| want.customer.id).collect()
    }

    /// Who is wanted, and where.
    pub(super) fn places(&self) -> Vec<(Uuid, NasId)> {
        self.wants().map(|want| (want.customer.id, want.nas)).collect()
    }
}
