//! Which commands make the queues of a router what is wanted: pure. Only queues with our mark are touched (DESIGN 16); values are
//! compared as numbers and targets as sets, so that a second run has nothing to do.

use std::collections::BTreeSet;

use routeros_proto::Command;
use store::LimitSubject;

use super::aim::{Aim, Wish, aims};
use super::matching::first_that_may_match;
use super::places::Places;
use super::queue_index::QueueIndex;
use crate::routeros::simple_queue::{SimpleQueue, add, remove, set};
use operations::Whose;

/// One command.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Whom it is for; nobody: a queue of ours goes that nobody wants.
    pub(super) subject: Option<LimitSubject>,
    pub(super) command: Command,
    /// Where it puts a queue before one that the router made.
    pub(super) placed: Option<Placed>,
}

/// Whether a router takes a queue there is not established (routeros.md U14).
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// The other one's `.id`.
    pub(super) before: Vec<u8>,
    /// The same without a place, should it not.
    pub(super) anywhere: Command,
}

/// What is to be sent, all of it, and which wanted queues cannot stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) refused: Vec<(LimitSubject, String)>,
}

/// The commands that lead from `shown` to `wishes`. `places`: which queues may be put before ones that the router made.
pub(super) fn plan(wishes: &[(LimitSubject, Wish)], shown: &[SimpleQueue], places: &Places) -> Plan {
    let (aims, index) = (aims(wishes), QueueIndex::new(shown));
    let (mut removals, mut plan) = (Vec::new(), Plan::default());
    let is_wanted = |queue: &SimpleQueue| aims.contains_key(&*queue.name);
    removals.extend(shown.iter().filter(|queue| queue.is_ours() && !is_wanted(queue)).map(|queue| Step {
        subject: None,
        command: remove(&queue.id),
        placed: None,
    }));
    let mut changes = Vec::new();
    for aim in aims.values() {
        match index.named(&aim.queue.name) {
            Some(taken) if !taken.is_ours() => {
                plan.refused.push((aim.subject.clone(), name_taken(taken)));
            }
            Some(ours) => stand(aim, ours, &index, places, &mut removals, &mut changes),
            None => changes.push(add_step(aim, &index, places)),
        }
    }
    plan.steps = removals.into_iter().chain(changes).collect();
    plan
}

/// One of ours that is there: set right, or made anew where another takes its traffic.
fn stand(
    aim: &Aim,
    ours: &SimpleQueue,
    shown: &QueueIndex<'_>,
    places: &Places,
    removals: &mut Vec<Step>,
    changes: &mut Vec<Step>,
) {
    if stands_before(aim, shown, places).is_some() {
        let subject = Some(aim.subject.clone());
        removals.push(Step { subject, command: remove(&ours.id), placed: None });
        changes.push(add_step(aim, shown, places));
    } else if !is_as_wanted(aim, ours) {
        let subject = Some(aim.subject.clone());
        changes.push(Step { subject, command: set(&ours.id, &aim.queue), placed: None });
    }
}

/// The router's own queue that takes their traffic, where ours may be put before it.
fn stands_before<'s>(aim: &Aim, shown: &QueueIndex<'s>, places: &Places) -> Option<&'s SimpleQueue> {
    first_that_may_match(aim, shown).filter(|first| first.dynamic && places.may_be(&aim.subject, &first.id))
}

fn add_step(aim: &Aim, shown: &QueueIndex<'_>, places: &Places) -> Step {
    let before = stands_before(aim, shown, places).map(|first| first.id.clone());
    let command = add(&aim.queue, before.as_deref());
    let placed = before.map(|before| Placed { before, anywhere: add(&aim.queue, None) });
    Step { subject: Some(aim.subject.clone()), command, placed }
}

/// Whether it stands as wanted, wherever that is.
pub(super) fn is_as_wanted(aim: &Aim, ours: &SimpleQueue) -> bool {
    let set = |targets| BTreeSet::<&crate::routeros::queue_target::QueueTarget>::from_iter(targets);
    ours.max_limit == Some(aim.queue.max_limit)
        && ours.whose == Whose::Ours
        && !ours.is_off
        && set(&ours.targets) == set(&aim.queue.targets)
}

fn name_taken(by: &SimpleQueue) -> String {
    let name = by.name.escape_ascii();
    match by.whose {
        Whose::OfAnother => format!(
            "the queue {name} is of another installation of Tikmeter, which limits them too, so it is left alone; limit them in one of \
             the two only"
        ),
        Whose::Ours | Whose::OfBefore | Whose::Foreign => format!(
            "another queue is called {name} and does not carry our mark, so it is left alone; rename or remove it on the router"
        ),
    }
}
