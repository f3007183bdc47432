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
    /// That of some of their addresses.
    Part,
    /// What its conditions select, and nobody knows here what that is.
    Selected,
    /// It is aimed at an interface, and nobody knows here what is behind that.
    Perhaps,
    No,
}

/// The first queue that surely takes their traffic, whosever it is.
pub(super) fn first_that_may_match<'s>(aim: &Aim, shown: &QueueIndex<'s>) -> Option<&'s SimpleQueue> {
    near(aim, shown).find(|queue| matching(aim, queue) == Match::Surely)
}

/// Why a queue of ours that stands as wanted limits nothing, or not all.
pub(super) fn no_effect(aim: &Aim, shown: &QueueIndex<'_>) -> Option<NoEffect> {
    let before = near(aim, shown).take_while(|queue| queue.name != aim.queue.name || !queue.is_ours());
    let (mut part, mut perhaps) = (None, None);
    for one in before {
        let queue = one.name.clone();
        match matching(aim, one) {
            Match::Surely => return Some(NoEffect::Behind { queue, dynamic: one.dynamic }),
            Match::Part => _ = part.get_or_insert(NoEffect::PartBehind { queue }),
            Match::Selected => _ = perhaps.get_or_insert(NoEffect::MayMatch { queue }),
            Match::Perhaps => _ = perhaps.get_or_insert(NoEffect::MayBeBehind { queue }),
            Match::No => {}
        }
    }
    part.or(perhaps)
}

fn near<'s>(aim: &Aim, shown: &QueueIndex<'s>) -> impl Iterator<Item = &'s SimpleQueue> {
    shown.near(aim.queue.targets.iter().chain(&aim.addresses))
}

fn matching(aim: &Aim, queue: &SimpleQueue) -> Match {
    if queue.is_off {
        return Match::No;
    }
    let takes = |one: &QueueTarget| queue.targets.iter().any(|target| target.covers(one));
    let all = |those: &[QueueTarget]| !those.is_empty() && those.iter().all(takes);
    let some = aim.queue.targets.iter().chain(&aim.addresses).any(takes);
    if some && queue.is_conditional {
        return Match::Selected;
    }
    // One that the router made is put behind ours where that can be, be it for one of several sessions.
    if some && (queue.dynamic || all(&aim.queue.targets) || all(&aim.addresses)) {
        return Match::Surely;
    }
    let takes_within = |target: &QueueTarget| aim.queue.targets.iter().any(|one| one.covers(target));
    if some || queue.targets.iter().any(takes_within) && !queue.is_ours() {
        return if queue.is_conditional { Match::Selected } else { Match::Part };
    }
    // What the router made is aimed at the interface of one session; one of ours at its own.
    let is_of_others = queue.dynamic || queue.is_ours();
    let aims_at_interfaces = queue.targets.iter().any(|target| matches!(target, QueueTarget::Interface(_)));
    if aims_at_interfaces && !is_of_others { Match::Perhaps } else { Match::No }
}
