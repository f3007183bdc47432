//! What users move between two looks, which queue is shown as theirs, and how long it is looked at.

use std::time::Duration;

use accounting::Octets;
use operations::{UserQueue, UserTraffic};
use routeros_proto::Tagged;
use store::RateLimit;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::keeper::Keeper;
use super::logins::{Login, Logins};
use super::look::Seen;
use super::order::Order;
use super::traffic::Before;
use crate::prints::LoginsElsewhere;
use crate::routeros::queue_target::QueueTarget;
use crate::routeros::simple_queue::SimpleQueue;
use operations::{Marks, Whose};

fn login(uptime_s: u64, input: u64, output: u64) -> Login {
    Login {
        handle: 7,
        user: b"ana".to_vec(),
        mac: b"AA:BB:CC:00:00:01".to_vec(),
        address: QueueTarget::address(b"10.0.0.7"),
        uptime_s,
        octets: Octets::new(input, output),
    }
}

fn queue(targets: &str, max_limit: Option<(u64, u64)>, is_off: bool) -> SimpleQueue {
    SimpleQueue {
        id: b"*1".to_vec(),
        name: targets.as_bytes().to_vec(),
        targets: QueueTarget::read_list(targets.as_bytes()),
        max_limit,
        dynamic: false,
        is_off,
        is_conditional: false,
        whose: Whose::Foreign,
        comment: Vec::new(),
        octets: Some((3, 4)),
    }
}

fn seen(read_at: Instant, login: Login, queues: Vec<SimpleQueue>) -> Seen {
    let mut seen = Seen { queues, ..Seen::default() };
    seen.present.logins = Logins::new(true);
    seen.present.logins.read_by(read_at);
    seen.present.logins.rows.push(login);
    seen
}

fn one(before: &mut Before, seen: Seen) -> Option<UserTraffic> {
    before.look(seen).map(|mut traffic| traffic.users.remove(0))
}

/// A look, and one `later_s` after it: what the second says.
fn after(later_s: u64, first: Login, second: Login) -> Option<UserTraffic> {
    let (mut before, now) = (Before::default(), Instant::now());
    let alone = one(&mut before, seen(now, first, vec![])).unwrap();
    assert_eq!(alone.rate, None, "one look says nothing of a rate");
    one(&mut before, seen(now + Duration::from_secs(later_s), second, vec![]))
}

#[test]
fn a_rate_is_the_difference_of_one_login_between_two_looks() {
    let first = login(60, 1_000, 5_000);
    let later = after(10, first.clone(), login(70, 2_000, 25_000)).unwrap();
    assert_eq!((later.rate, later.octets), (Some((800, 16_000)), Octets::new(2_000, 25_000)));
    assert_eq!(after(4, first.clone(), login(64, 9_000, 9_000)), None, "too near");
    let unlike = [
        Login { user: b"bob".to_vec(), ..login(70, 2_000, 25_000) },
        Login { mac: b"AA:BB:CC:00:00:02".to_vec(), ..login(70, 2_000, 25_000) },
        Login { handle: 8, ..login(70, 2_000, 25_000) },
        login(5, 2_000, 25_000),
        login(70, 999, 25_000),
    ];
    for other in unlike {
        assert_eq!(after(10, first.clone(), other.clone()).unwrap().rate, None, "{other:?}");
    }
}

#[test]
fn the_first_enabled_queue_that_holds_the_address_is_theirs() {
    let (slow, fast) = (Some((1_000_000, 0)), Some((5_000_000, 6_000_000)));
    let (exact, net) = ("10.0.0.9,10.0.0.7/32", "10.0.0.0/24");
    let of = |queues: Vec<SimpleQueue>| {
        one(&mut Before::default(), seen(Instant::now(), login(1, 2, 3), queues)).unwrap().queue
    };
    let rate = |up_bps, down_bps| {
        let octets = Some(Octets::new(3, 4));
        Some(UserQueue { rate: Some(RateLimit { up_bps, down_bps }), octets })
    };
    let (is_slow, is_fast) = (rate(Some(1_000_000), None), rate(Some(5_000_000), Some(6_000_000)));
    assert_eq!(of(vec![queue(exact, slow, false), queue(net, fast, false)]), is_slow);
    assert_eq!(of(vec![queue(net, fast, false), queue(exact, slow, false)]), is_fast);
    assert_eq!(of(vec![queue(net, fast, true), queue(exact, slow, false)]), is_slow);
    assert_eq!(of(vec![queue("ether2", fast, false), queue("10.0.1.0/24", fast, false)]), None);
    assert_eq!(
        of(vec![queue(exact, None, false)]).unwrap().rate,
        None,
        "what is not understood is no limit of 0"
    );
}

#[test]
fn a_router_is_looked_at_until_nobody_looks() {
    let (mut keeper, mut replies, now) = (Keeper::new(Marks::default()), Tagged::default(), Instant::now());
    assert_eq!(keeper.due(now, LoginsElsewhere::default()), None);
    let until = now + Duration::from_secs(60);
    keeper.look_until(until);
    assert_eq!(keeper.due(now, LoginsElsewhere::default()), Some(now));
    let mut out = Vec::new();
    assert!(
        keeper.step((until, LoginsElsewhere::default()), &mut replies, &mut out).is_unwatched
            && out.is_empty()
    );
    assert_eq!(keeper.due(until, LoginsElsewhere::default()), None);
    keeper.look_until(until + Duration::from_secs(60));
    assert!(!keeper.step((until, LoginsElsewhere::default()), &mut replies, &mut out).is_unwatched);
    let asked: Vec<String> = out.iter().map(routeros_proto::Command::shown).collect();
    assert_eq!(
        asked.iter().filter(|asked| asked.starts_with("/ip/hotspot/active/print")).count(),
        1,
        "{asked:?}"
    );
}

/// Whether a keeper that somebody looks at asks for the logins itself, while somebody else's print of them is in flight.
fn asks_itself(order: Option<Order>) -> bool {
    let (mut keeper, mut replies, now) = (Keeper::new(Marks::default()), Tagged::default(), Instant::now());
    keeper.look_until(now + Duration::from_secs(60));
    order.into_iter().for_each(|order| keeper.order(order));
    let (asked, mut out) = (Some(replies.open()), Vec::new());
    keeper.step((now, LoginsElsewhere { asked, is_coming: false }), &mut replies, &mut out);
    out.iter().any(|command| command.shown().starts_with("/ip/hotspot/active/print"))
}

#[test]
fn who_waits_for_an_order_is_not_answered_by_logins_that_were_asked_for_before_it() {
    assert!(!asks_itself(None), "who only looks reads along");
    assert!(!asks_itself(Some(Order::default())), "nobody waits for this one");
    let (answer, _answered) = oneshot::channel();
    assert!(asks_itself(Some(Order { answers: vec![answer], ..Order::default() })));
}
