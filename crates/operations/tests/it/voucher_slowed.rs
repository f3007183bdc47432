//! A voucher with a speed is used when its queue was seen (docs/adr/0038): the books of a router, without one.

use operations::{LimitFound, NoEffect};
use store::{RateLimit, VoucherDeviceState, VoucherPhase};

use crate::bench::NOW;
use crate::voucher_keeping::{Case, RATE, act, later, shows, shows_nothing};

/// Whoever let it in was killed before the queue stood.
#[tokio::test]
async fn who_was_left_in_uses_a_voucher_when_the_queue_was_seen_and_is_put_off_when_the_router_does_not_take_it()
 {
    let now = later(1_000_000);
    let seen = || shows(now, Some(1), 0);
    let wanted = (VoucherPhase::Unused, Some(VoucherDeviceState::Wanted));
    let in_by_it = (VoucherPhase::Running, Some(VoucherDeviceState::In));
    let other = RateLimit { up_bps: None, ..RATE };
    for (found, stands) in [
        (LimitFound::Away, wanted),
        (LimitFound::Set(RATE), in_by_it),
        (LimitFound::WithoutEffect(NoEffect::FastTrack), in_by_it),
    ] {
        let case = Case::new(None).await;
        case.keep_by("another run", seen(), now).await;
        case.queue(now, found.clone());
        case.keep_by("another run", seen(), now).await;
        assert_eq!(case.stands(now).await, stands, "{found:?}");
    }

    let case = Case::new(None).await;
    case.keep_by("another run", seen(), now).await;
    case.queue(now, LimitFound::Refused("a queue of that name is another's".to_owned()));
    let keeping = case.keep_by("another run", seen(), now).await;
    assert_eq!((keeping.wanted, &*keeping.leaving[0].login), (vec![], &b"ABC"[..]));
    assert_eq!(case.stands(now).await, wanted, "it has its place until it was seen off");
    let journal = case.bench.journal().await;
    assert!(journal.contains(&"system voucher.leave".to_owned()), "{journal:?}");
    let late = later(120_000_000);
    case.keep_by("another run", shows_nothing(late), late).await;
    assert_eq!((case.stands(late).await, case.limits().await), ((VoucherPhase::Unused, None), vec![]));

    let case = Case::new(None).await;
    let store = &case.bench.operations.store;
    case.keep_by("another run", seen(), now).await;
    let mut theirs = store.limits(Some(case.nas)).await.unwrap().remove(0);
    (theirs.set_by, theirs.rate) = ("eva".to_owned(), other);
    store.set_limit(theirs, act(now)).await.unwrap();
    case.queue(now, LimitFound::Refused("it stands in its own way".to_owned()));
    case.keep_by("another run", seen(), now).await;
    assert_eq!(case.stands(now).await, in_by_it, "what people set for it is theirs to mend");
}

#[tokio::test]
async fn what_people_want_of_a_device_stays_and_a_vouchers_speed_comes_back_after_it() {
    let case = Case::in_since(None, NOW).await;
    case.keep(None, NOW).await;
    let store = &case.bench.operations.store;
    let mut theirs = store.limits(Some(case.nas)).await.unwrap().remove(0);
    (theirs.set_by, theirs.rate) = ("eva".to_owned(), RateLimit::default());
    store.set_limit(theirs.clone(), act(NOW)).await.unwrap();
    assert!(!case.keep(None, NOW).await.limits_changed);
    assert_eq!(case.limits().await, [("eva".to_owned(), None)]);
    store.remove_limit(case.nas, theirs.subject, act(NOW)).await.unwrap();
    assert!(case.keep(None, NOW).await.limits_changed);
    assert_eq!(case.limits().await, [("voucher".to_owned(), Some(2_000_000))]);
    store.put_out_voucher_device(case.holder.device.id, act(NOW)).await.unwrap();
    assert!(!case.keep(None, NOW).await.limits_changed, "the router may still have it in");
    assert!(case.keep(shows_nothing(NOW), NOW).await.limits_changed);
    assert_eq!(case.limits().await, []);
}
