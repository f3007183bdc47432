//! What the server counts about its clients.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use routeros_proto::Request;

/// What clients did so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Connections ever accepted, refused ones included.
    pub connections: u64,
    /// Connections being served now.
    pub open_connections: u64,
    /// Logins that succeeded.
    pub logins: u64,
    /// Logins that were refused.
    pub refused_logins: u64,
    /// Sentences received.
    pub sentences: u64,
    /// Bytes received.
    pub bytes_in: u64,
    /// Bytes sent.
    pub bytes_out: u64,
    /// Prints by command path.
    pub prints: BTreeMap<String, u64>,
    /// Those of them that asked for every row, by command path.
    pub whole_prints: BTreeMap<String, u64>,
    /// Commands of `listen` that began.
    pub listens: u64,
    /// Commands of `monitor-traffic` that began.
    pub monitors: u64,
    /// Those of them that run.
    pub running_monitors: u64,
}

/// Commands that change something of which the words are kept. Overflow rule: the oldest is forgotten.
const MOST_CHANGES: usize = 10_000;

#[derive(Default)]
pub(crate) struct Counting {
    pub(crate) connections: AtomicU64,
    pub(crate) open_connections: AtomicU64,
    pub(crate) logins: AtomicU64,
    pub(crate) refused_logins: AtomicU64,
    pub(crate) sentences: AtomicU64,
    pub(crate) bytes_in: AtomicU64,
    pub(crate) bytes_out: AtomicU64,
    pub(crate) listens: AtomicU64,
    pub(crate) monitors: AtomicU64,
    pub(crate) running_monitors: AtomicU64,
    prints: Mutex<BTreeMap<String, u64>>,
    whole_prints: Mutex<BTreeMap<String, u64>>,
    changes: Mutex<VecDeque<String>>,
}

impl Counting {
    pub(crate) fn add(counter: &AtomicU64, n: usize) -> u64 {
        counter.fetch_add(n as u64, Ordering::Relaxed)
    }

    pub(crate) fn print(&self, request: &Request<'_>) {
        let path = String::from_utf8_lossy(request.path()).into_owned();
        let add = |counts: &Mutex<BTreeMap<String, u64>>| {
            *counts.lock().unwrap_or_else(PoisonError::into_inner).entry(path.clone()).or_default() += 1;
        };
        add(&self.prints);
        if request.queries().next().is_none() {
            add(&self.whole_prints);
        }
    }

    /// A command that would change something came in.
    pub(crate) fn change(&self, request: &Request<'_>) {
        let mut words = String::from_utf8_lossy(request.path()).into_owned();
        for (name, value) in request.attributes() {
            words += &format!(" ={}={}", String::from_utf8_lossy(name), String::from_utf8_lossy(value));
        }
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.truncate(MOST_CHANGES - 1);
        changes.push_front(words);
    }

    pub(crate) fn changes(&self) -> Vec<String> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }

    pub(crate) fn now(&self) -> Stats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            connections: get(&self.connections),
            open_connections: get(&self.open_connections),
            logins: get(&self.logins),
            refused_logins: get(&self.refused_logins),
            sentences: get(&self.sentences),
            bytes_in: get(&self.bytes_in),
            bytes_out: get(&self.bytes_out),
            listens: get(&self.listens),
            monitors: get(&self.monitors),
            running_monitors: get(&self.running_monitors),
            prints: self.prints.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            whole_prints: self.whole_prints.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}
