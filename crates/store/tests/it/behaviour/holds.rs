//! Who is kept out of a router for a while.

use accounting::time::Micros;
use store::{Hold, HoldSubject, NasId, StoreError};

use crate::every_store::on_every_store;
use crate::rounds::{act, router, tower};

fn hold(nas: NasId, subject: HoldSubject) -> Hold {
    Hold { nas, subject, until: Micros(900), is_placed: false, set_by: "eva".to_owned(), set_at: Micros(7) }
}

fn device() -> HoldSubject {
    HoldSubject::Device(b"AA:BB:CC:DD:EE:FF".to_vec())
}

fn login() -> HoldSubject {
    HoldSubject::Ppp(b"an\xff".to_vec())
}

on_every_store! {
    async fn one_is_wanted_placed_and_ended_and_only_once_at_a_time(store) {
        let (nas, ..) = tower(&*store).await;
        let (phone, ana) = (hold(nas, device()), hold(nas, login()));
        for wanted in [&phone, &ana] {
            store.set_hold(wanted.clone(), act("hold.set")).await.unwrap();
        }
        let told = store.set_hold(phone.clone(), act("hold.set")).await;
        assert!(matches!(told, Err(StoreError::Constraint(_))));
        let placed = Hold { is_placed: true, ..phone.clone() };
        let told = store.place_hold(nas, device(), Micros(899), act("hold.place")).await.unwrap();
        assert_eq!((told.as_ref(), store.hold_of(nas, device()).await.unwrap().as_ref()), (Some(&placed), Some(&placed)));
        assert_eq!(store.holds().await.unwrap(), [placed.clone(), ana.clone()]);
        assert!(!store.end_hold(phone, act("hold.end")).await.unwrap(), "it is another by now");
        assert!(store.end_hold(placed, act("hold.end")).await.unwrap());
        assert_eq!(store.holds().await.unwrap(), [ana]);
        assert_eq!(store.hold_of(nas, device()).await.unwrap(), None);
    }

    async fn one_that_is_over_is_not_placed_any_more(store) {
        let (nas, ..) = tower(&*store).await;
        let phone = hold(nas, device());
        store.set_hold(phone.clone(), act("hold.set")).await.unwrap();
        assert_eq!(store.place_hold(nas, device(), Micros(900), act("hold.place")).await.unwrap(), None);
        assert_eq!(store.place_hold(nas, login(), Micros(0), act("hold.place")).await.unwrap(), None);
        let shorter = Hold { until: Micros(8), ..phone };
        for until in [8, 8, 800] {
            let told = store.shorten_hold(nas, device(), Micros(until), act("hold.release")).await.unwrap();
            assert_eq!(told.as_ref(), Some(&shorter), "it never becomes longer");
        }
        assert_eq!(store.shorten_hold(nas, login(), Micros(8), act("hold.release")).await.unwrap(), None);
        assert_eq!(store.holds().await.unwrap(), [shorter]);
    }

    async fn one_that_is_over_gives_way_to_another_which_has_what_it_left_on_the_router(store) {
        let (nas, ..) = tower(&*store).await;
        for (subject, is_placed) in [(device(), true), (login(), false)] {
            let first = hold(nas, subject.clone());
            store.set_hold(first.clone(), act("hold.set")).await.unwrap();
            if is_placed {
                store.place_hold(nas, subject.clone(), Micros(8), act("hold.place")).await.unwrap().unwrap();
            }
            let again = Hold { until: Micros(2_000), set_at: Micros(50), set_by: "bob".to_owned(), ..first };
            let refused = store.set_hold(again.clone(), act("hold.set")).await;
            assert!(matches!(refused, Err(StoreError::Constraint(_))), "it goes on: {refused:?}");
            let over = store.shorten_hold(nas, subject.clone(), Micros(50), act("hold.give_up")).await.unwrap().unwrap();
            store.set_hold(again.clone(), act("hold.set")).await.unwrap();
            let wanted = Hold { is_placed, ..again };
            assert_eq!(store.hold_of(nas, subject).await.unwrap(), Some(wanted));
            assert!(!store.end_hold(over, act("hold.end")).await.unwrap(), "it is another by now");
        }
    }

    async fn those_of_a_router_that_was_removed_are_none_any_more(store) {
        let (tower, ..) = tower(&*store).await;
        let hill = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
        store.set_hold(hold(tower, device()), act("hold.set")).await.unwrap();
        store.set_hold(hold(hill, device()), act("hold.set")).await.unwrap();
        store.remove_nas(hill, act("router.remove")).await.unwrap();
        assert_eq!(store.holds().await.unwrap(), [hold(tower, device())]);
    }
}
