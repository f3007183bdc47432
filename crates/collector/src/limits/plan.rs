//! Which commands make the queues of a router what is wanted: pure. Only queues with our mark are touched (DESIGN 16); values are
//! compared as numbers and targets as sets, so that a second run has nothing to do.

use std::collections::BTreeSet;

use routeros_proto::Command;
use store::LimitSubject;

use super::aim::{Aim, Wish, aims};
use super::matching::first_that_may_match;
use super::queue_index::QueueIndex;
use crate::routeros::simple_queue::{SimpleQueue, add, remove, set};
use operations::Whose;

/// Commands between two looks at most: what is left is planned on rows that were read anew.
const MOST_STEPS: usize = 200;

/// One command.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Whom it is for; nobody: a queue of ours goes that nobody wants.
    pub(super) subject: Option<LimitSubject>,
    pub(super) command: Command,
    /// The same without a place, should the router not take it there: whether it does is not established (routeros.md U14).
    pub(super) anywhere: Option<Command>,
}

/// What is to be sent, and which wanted queues cannot stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) refused: Vec<(LimitSubject, String)>,
    /// More is to be sent, after another look.
    pub(super) is_cut: bool,
}

/// The commands that lead from `shown` to `wishes`. `places`: whether a queue may be put before one that the router made.
pub(super) fn plan(wishes: &[(LimitSubject, Wish)], shown: &[SimpleQueue], places: bool) -> Plan {
    let (aims, index) = (aims(wishes), QueueIndex::new(shown));
    let (mut removals, mut plan) = (Vec::new(), Plan::default());
    let is_wanted = |queue: &SimpleQueue| aims.contains_key(&*queue.name);
    removals.extend(shown.iter().filter(|queue| queue.is_ours() && !is_wanted(queue)).map(|queue| Step {
        subject: None,
        command: remove(&queue.id),
        anywhere: None,
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
    plan.is_cut = removals.len() + changes.len() > MOST_STEPS;
    plan.steps = removals.into_iter().chain(changes).take(MOST_STEPS).collect();
    plan
}

/// One of ours that is there: set right, or made anew where another takes its traffic.
fn stand(
    aim: &Aim,
    ours: &SimpleQueue,
    shown: &QueueIndex<'_>,
    places: bool,
    removals: &mut Vec<Step>,
    changes: &mut Vec<Step>,
) {
    let first = first_that_may_match(aim, shown);
    if places && first.is_some_and(|first| first.dynamic) {
        let subject = Some(aim.subject.clone());
        removals.push(Step { subject, command: remove(&ours.id), anywhere: None });
        changes.push(add_step(aim, shown, places));
    } else if !is_as_wanted(aim, ours) {
        let subject = Some(aim.subject.clone());
        changes.push(Step { subject, command: set(&ours.id, &aim.queue), anywhere: None });
    }
}

fn add_step(aim: &Aim, shown: &QueueIndex<'_>, places: bool) -> Step {
    let before = first_that_may_match(aim, shown).filter(|first| places && first.dynamic);
    let (subject, anywhere) = (Some(aim.subject.clone()), before.map(|_| add(&aim.queue, None)));
    Step { subject, command: add(&aim.queue, before.map(|first| &*first.id)), anywhere }
}

/// Whether it stands as wanted, wherever that is.
pub(super) fn is_as_wanted(aim: &Aim, ours: &SimpleQueue) -> bool {
    let set = |targets| BTreeSet::<&crate::routeros::queue_target::QueueTarget>::from_iter(targets);
    ours.max_limit == Some(aim.queue.max_limit)
        && ours.comment == aim.queue.mark.comment().as_bytes()
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
