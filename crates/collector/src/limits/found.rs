//! How wanted limits stand, as the router shows it: a `done` is no proof.

use std::collections::HashMap;

use operations::{LimitFound, NoEffect};
use store::{LimitSubject, RateLimit};

use super::aim::{Aim, Wish, name_of};
use super::look::Seen;
use super::matching::no_effect;
use super::plan::is_as_wanted;
use super::queue_index::QueueIndex;
use crate::routeros::simple_queue::SimpleQueue;

/// How each that is wanted yet stands, in their order. `refused`: what was said of some when they were to be set.
pub(super) fn found(
    wishes: &[(LimitSubject, Wish)],
    refused: &[(LimitSubject, String)],
    seen: &Seen,
) -> Vec<(LimitSubject, LimitFound)> {
    let index = QueueIndex::new(&seen.queues);
    let refused: HashMap<&LimitSubject, &String> =
        refused.iter().rev().map(|(subject, why)| (subject, why)).collect();
    let of = |(subject, wish): &(LimitSubject, Wish)| {
        let why = || refused.get(subject).copied().cloned();
        let ours = index.named(&name_of(subject)).filter(|queue| queue.is_ours());
        let found = match (wish, ours) {
            (Wish::Over, _) => return None,
            (Wish::Away, None) => LimitFound::Away,
            (Wish::Free, None) => LimitFound::Free,
            (Wish::Away | Wish::Free, Some(_)) => LimitFound::Refused(why().unwrap_or_else(stays)),
            (Wish::Stands(aim), ours) => stands(aim, ours, why(), (&index, seen.fasttracks)),
        };
        Some((subject.clone(), found))
    };
    wishes.iter().filter_map(of).collect()
}

fn stands(
    aim: &Aim,
    ours: Option<&SimpleQueue>,
    why: Option<String>,
    (index, fasttracks): (&QueueIndex<'_>, bool),
) -> LimitFound {
    let Some(ours) = ours.filter(|ours| is_as_wanted(aim, ours)) else {
        return LimitFound::Refused(why.unwrap_or_else(otherwise));
    };
    if fasttracks {
        return LimitFound::WithoutEffect(NoEffect::FastTrack);
    }
    let rate = |bps: u64| (bps > 0).then_some(bps);
    match (no_effect(aim, index), ours.max_limit) {
        (Some(why), _) => LimitFound::WithoutEffect(why),
        (None, Some((up, down))) => LimitFound::Set(RateLimit { up_bps: rate(up), down_bps: rate(down) }),
        (None, None) => LimitFound::Refused(otherwise()),
    }
}

fn stays() -> String {
    "the router still shows our queue".to_owned()
}

fn otherwise() -> String {
    "the router does not show the queue as it was sent".to_owned()
}
