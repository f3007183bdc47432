//! Which queues are to stand on a router: what is wanted, for those who are connected now.

use std::collections::BTreeMap;

use store::{LimitSubject, RateLimit, WantedLimit};

use super::look::Seen;
use super::present::Present;
use crate::routeros::queue_target::QueueTarget;
use crate::routeros::simple_queue::{LimitQueue, NAMES};
use operations::Marks;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Aim {
    pub(super) subject: LimitSubject,
    pub(super) queue: LimitQueue,
    /// Addresses of theirs that the queue is not aimed at, for it is aimed at their interfaces.
    pub(super) addresses: Vec<QueueTarget>,
}

/// What is wanted for a subject, and what it comes to now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Nobody is there.
    Away,
    /// No queue is to stand.
    Free,
    /// The session that it ends with is over: nothing is wanted any more.
    Over,
    /// This one is.
    Stands(Aim),
}

/// What each wanted limit comes to, in their order.
pub(super) fn wishes(wanted: &[WantedLimit], seen: &Seen) -> Vec<(LimitSubject, Wish)> {
    let of = |limit: &WantedLimit| match seen.bonds.is_over(limit) {
        true => Wish::Over,
        false => wish(limit, &seen.present, &seen.mark),
    };
    wanted.iter().map(|limit| (limit.subject.clone(), of(limit))).collect()
}

/// The queues that are to stand, by name.
pub(super) fn aims(wishes: &[(LimitSubject, Wish)]) -> BTreeMap<&[u8], &Aim> {
    let stands = wishes.iter().filter_map(|(_, wish)| match wish {
        Wish::Stands(aim) => Some((&*aim.queue.name, aim)),
        Wish::Away | Wish::Free | Wish::Over => None,
    });
    stands.collect()
}

fn wish(limit: &WantedLimit, present: &Present, mark: &Marks) -> Wish {
    if limit.rate == RateLimit::default() {
        return Wish::Free;
    }
    let (targets, addresses) = match &limit.subject {
        LimitSubject::Device(mac) => (present.addresses_of(mac), Vec::new()),
        LimitSubject::Ppp(login) => present.interfaces_of(login),
        LimitSubject::Address(prefix) => (QueueTarget::read_list(prefix), Vec::new()),
        LimitSubject::Interface(name) => (present.facing(name), Vec::new()),
    };
    if targets.is_empty() {
        return Wish::Away;
    }
    let RateLimit { up_bps, down_bps } = limit.rate;
    let max_limit = (up_bps.unwrap_or(0), down_bps.unwrap_or(0));
    let queue = LimitQueue { name: name_of(&limit.subject), targets, max_limit, mark: mark.clone() };
    Wish::Stands(Aim { subject: limit.subject.clone(), queue, addresses })
}

/// What the queue of a subject is called.
pub(super) fn name_of(subject: &LimitSubject) -> Vec<u8> {
    let [device, ppp, address, interface] = NAMES.map(str::as_bytes);
    match subject {
        LimitSubject::Device(mac) => [device, &**mac].concat(),
        LimitSubject::Ppp(login) => [ppp, &**login].concat(),
        LimitSubject::Address(prefix) => [address, &**prefix].concat(),
        LimitSubject::Interface(name) => [interface, &**name].concat(),
    }
}
