//! A simple queue of a router, whosever it is.

use accounting::Octets;
use store::RateLimit;

/// A simple queue as its router shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterQueue {
    /// Its name, raw.
    pub name: Vec<u8>,
    /// What it is aimed at: prefixes and interfaces with commas between.
    pub target: Vec<u8>,
    /// How fast it lets the target be; `None` when the router gives it in a way that is not understood.
    pub rate: Option<RateLimit>,
    /// What passed it; `None` when not given.
    pub octets: Option<Octets>,
    /// It carries our mark.
    pub is_ours: bool,
    /// The router made it by itself.
    pub is_dynamic: bool,
    /// It is switched off, or its interface is gone.
    pub is_off: bool,
    /// Raw; empty when it has none.
    pub comment: Vec<u8>,
}
