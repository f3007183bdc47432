//! One simple queue: what it is aimed at, what it lets pass, and what it counted (routeros.md §2.9).

use std::collections::BTreeMap;

use routeros_proto::value;

use super::configured::Item;
use super::finder::Finder;
use super::octets::Octets;
use super::party::Party;
use super::stream::{Pace, Stream};
use super::target::Target;

/// The menu of the queues.
pub(crate) const QUEUES: &str = "/queue/simple";
/// The menu of the rules that may send traffic past them.
pub(crate) const FILTER_RULES: &str = "/ip/firewall/filter";

/// All queues there ever were whose truth can be asked for, and how traffic finds them.
#[derive(Debug, Default)]
pub(crate) struct Queues {
    pub(super) by_item: BTreeMap<u32, Queue>,
    pub(super) finder: Finder,
    /// Whether the finder is out of date, and so everybody's place.
    pub(super) stale: bool,
    pub(super) unsettled: Vec<Party>,
}

#[derive(Debug, Default)]
pub(super) struct Queue {
    /// Traffic of its target besides that of sessions and interfaces; none where the router made the queue.
    pub(super) script: Option<Script>,
    pub(super) targets: Vec<Target>,
    /// `max-limit`; 0 is none.
    pub(super) limit: Pace,
    /// Whose traffic passes it, and what each had moved when the counter's `counted` was taken.
    pub(super) members: BTreeMap<Party, Octets>,
    pub(super) counted: Octets,
}

/// What a script lets a queue's target move.
#[derive(Debug)]
pub(super) struct Script {
    /// The queue's name when it was added.
    pub(super) made_as: Vec<u8>,
    pub(super) stream: Stream,
}

impl Queue {
    pub(super) fn join(&mut self, party: Party, passed: Octets) {
        self.members.insert(party, passed);
    }

    pub(super) fn leave(&mut self, party: Party, passed: Octets) {
        if let Some(before) = self.members.remove(&party) {
            self.counted += passed.since(before);
        }
    }

    pub(super) fn follow(&mut self, row: &Item, now_us: u64) {
        self.targets = targets(row);
        self.limit = row.get("max-limit").and_then(limit).unwrap_or_default();
        if self.script.is_none() && !row.is_dynamic() {
            let made_as = row.get("name").unwrap_or_default().to_vec();
            self.script = Some(Script { made_as, stream: Stream::new(now_us, Pace::default()) });
        }
    }

    /// Nobody has its target any more.
    pub(super) fn falls_silent(&mut self) {
        if let Some(script) = &mut self.script {
            script.stream.wish_for(Pace::default());
        }
    }
}

/// The router aims what it makes itself at one interface or address, whose name may have a comma.
fn targets(row: &Item) -> Vec<Target> {
    let target = row.get("target").unwrap_or_default();
    if row.is_dynamic() {
        return vec![Target::of(target)];
    }
    target.split(|&byte| byte == b',').map(Target::of).collect()
}

fn limit(max_limit: &[u8]) -> Option<Pace> {
    value::octets_pair(max_limit).map(|(up_bps, down_bps)| Pace::new(up_bps, down_bps))
}
