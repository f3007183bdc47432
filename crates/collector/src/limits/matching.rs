//! Which queue takes somebody's traffic: the first that matches (routeros.md §2.9).

use operations::NoEffect;

use super::aim::Aim;
use super::queue_index::QueueIndex;
use crate::routeros::queue_target::QueueTarget;
use crate::routeros::simple_queue::SimpleQueue;

/// How sure it is that a queue takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Match {
    Surely,
    /// It is aimed at an interface, and nobody knows here what is behind that.
    Perhaps,
    No,
}

/// The first queue that surely takes their traffic, whosever it is.
pub(super) fn first_that_may_match<'s>(aim: &Aim, shown: &QueueIndex<'s>) -> Option<&'s SimpleQueue> {
    near(aim, shown).find(|queue| matching(aim, queue) == Match::Surely)
}

/// Why a queue of ours that stands as wanted limits nothing.
pub(super) fn no_effect(aim: &Aim, shown: &QueueIndex<'_>) -> Option<NoEffect> {
    let mut before = near(aim, shown).take_while(|queue| queue.name != aim.queue.name || !queue.is_ours());
    let mut perhaps = None;
    before
        .find_map(|queue| match matching(aim, queue) {
            Match::Surely => Some(NoEffect::Behind { queue: queue.name.clone(), dynamic: queue.dynamic }),
            Match::Perhaps => {
                perhaps.get_or_insert_with(|| NoEffect::MayBeBehind { queue: queue.name.clone() });
                None
            }
            Match::No => None,
        })
        .or(perhaps)
}

fn near<'s>(aim: &Aim, shown: &QueueIndex<'s>) -> impl Iterator<Item = &'s SimpleQueue> {
    shown.near(aim.queue.targets.iter().chain(&aim.addresses))
}

fn matching(aim: &Aim, queue: &SimpleQueue) -> Match {
    if queue.is_off {
        return Match::No;
    }
    let theirs = || aim.queue.targets.iter().chain(&aim.addresses);
    let mut covers = queue.targets.iter().filter(|target| theirs().any(|one| target.covers(one)));
    if covers.next().is_some() {
        return Match::Surely;
    }
    // What the router made is aimed at the interface of one session; one of ours at its own.
    let is_of_others = queue.dynamic || queue.is_ours();
    let aims_at_interfaces = queue.targets.iter().any(|target| matches!(target, QueueTarget::Interface(_)));
    if aims_at_interfaces && !is_of_others { Match::Perhaps } else { Match::No }
}
