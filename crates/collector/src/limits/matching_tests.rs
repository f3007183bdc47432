//! What is said of a queue of ours, by which others stand before it.

use operations::NoEffect;
use store::LimitSubject;

use super::aim::Aim;
use super::matching::no_effect;
use super::queue_index::QueueIndex;
use crate::routeros::queue_target::QueueTarget;
use crate::routeros::simple_queue::{LimitQueue, SimpleQueue};
use operations::{Marks, Whose};

const OURS: &str = "tikmeter-ip-x";

fn queue(name: &str, targets: &str) -> SimpleQueue {
    SimpleQueue {
        id: b"*1".to_vec(),
        name: name.as_bytes().to_vec(),
        targets: QueueTarget::read_list(targets.as_bytes()),
        max_limit: Some((1, 1)),
        dynamic: false,
        is_off: false,
        is_conditional: false,
        whose: if name == OURS { Whose::Ours } else { Whose::Foreign },
        comment: Vec::new(),
        octets: None,
    }
}

/// What is said of ours, aimed there, with `before` before it.
fn said(targets: &str, addresses: &str, before: SimpleQueue) -> Option<NoEffect> {
    let read = |text: &str| QueueTarget::read_list(text.as_bytes());
    let limit = LimitQueue {
        name: OURS.as_bytes().to_vec(),
        targets: read(targets),
        max_limit: (1, 1),
        mark: Marks::default(),
    };
    let subject = LimitSubject::Address(Vec::new());
    let aim = Aim { subject, queue: limit, addresses: read(addresses) };
    let queues = [queue("far", "10.9.9.9/32"), before, queue(OURS, targets), queue("behind", "0.0.0.0/0")];
    no_effect(&aim, &QueueIndex::new(&queues))
}

#[test]
fn what_takes_all_a_part_or_perhaps_something_is_told_apart() {
    let name = || b"other".to_vec();
    let behind = || Some(NoEffect::Behind { queue: name(), dynamic: false });
    let part = || Some(NoEffect::PartBehind { queue: name() });
    let other = |targets| queue("other", targets);
    for (targets, addresses, before, said_of_it) in [
        ("10.0.0.7/32", "", "10.0.0.0/24", behind()),
        ("10.0.0.7/32", "", "10.0.0.8/32", None),
        ("10.0.0.7/32,10.0.1.7/32", "", "10.0.0.0/24", part()),
        ("10.0.0.7/32,10.0.1.7/32", "", "10.0.0.0/16", behind()),
        ("10.0.0.0/24", "", "10.0.0.7/32", part()),
        ("10.0.0.0/24", "", "10.0.1.0/24", None),
        ("<pppoe-a>,<pppoe-b>", "10.0.0.7/32,10.0.0.8/32", "<pppoe-a>", part()),
        ("<pppoe-a>,<pppoe-b>", "10.0.0.7/32,10.0.0.8/32", "10.0.0.0/24", behind()),
        ("<pppoe-a>", "10.0.0.7/32", "bridge", Some(NoEffect::MayBeBehind { queue: name() })),
    ] {
        assert_eq!(said(targets, addresses, other(before)), said_of_it, "{targets} {addresses} {before}");
        let off = SimpleQueue { is_off: true, ..other(before) };
        assert_eq!(said(targets, addresses, off), None);
    }
    let some = |targets| SimpleQueue { is_conditional: true, ..other(targets) };
    let selected = Some(NoEffect::MayMatch { queue: name() });
    assert_eq!(said("10.0.0.7/32", "", some("0.0.0.0/0")), selected);
    assert_eq!(said("10.0.0.0/24", "", some("10.0.0.7/32")), selected);
    let made = |targets| SimpleQueue { dynamic: true, ..other(targets) };
    let behind_made = Some(NoEffect::Behind { queue: name(), dynamic: true });
    assert_eq!(said("<pppoe-a>,<pppoe-b>", "", made("<pppoe-a>")), behind_made);
    assert_eq!(said("<pppoe-a>", "", made("bridge")), None);
    let narrower = SimpleQueue { whose: Whose::Ours, ..queue("pisonet-x", "10.0.0.7/32") };
    assert_eq!(said("10.0.0.0/24", "", narrower), None, "one of them has a limit of their own");
}
