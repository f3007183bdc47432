//! Recomputing the totals of books that are right; books that are wrong need a database's own means.

use accounting::Octets;
use store::Scope;

use crate::every_store::on_every_store;
use crate::rounds::{act, first, quiet, resolve, shared, subscriber, tower};

on_every_store! {
    async fn right_books_are_found_right(store) {
        let (nas, ..) = tower(&*store).await;
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let (version, bound) = resolve(&*store, nas, b"ana").await;
        store.commit(nas, 1, version, shared(first(bound.id, bound.cycle, Octets::new(3, 4)))).await.unwrap();
        let report = store.verify().await.unwrap();
        assert_eq!((report.sessions_checked, report.cycles_checked, report.counters_checked), (1, 1, 1));
        assert_eq!((report.entries_checked, report.audit_checked), (1, 2));
        assert!(report.is_clean(), "{:?}", report.mismatches);
    }

    async fn totals_without_entries_are_found(store) {
        let (nas, ..) = tower(&*store).await;
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let (version, bound) = resolve(&*store, nas, b"ana").await;
        store.commit(nas, 1, version, shared(first(bound.id, bound.cycle, Octets::new(3, 4)))).await.unwrap();
        let mut wrong = quiet(2, 10);
        wrong.session_octets = vec![(1, Octets::new(1, 0))];
        wrong.cycle_octets = vec![(bound.cycle.unwrap(), Octets::new(0, 1))];
        wrong.counter_octets = vec![(1, Octets::new(9, 9))];
        store.commit(nas, 1, version, shared(wrong)).await.unwrap();
        let report = store.verify().await.unwrap();
        assert_eq!(report.mismatches_total, 3);
        let told = |words: &str| report.mismatches.iter().any(|mismatch| mismatch.contains(words));
        assert!(told("session 1 has a total of 4 octets up and 4 down"), "{:?}", report.mismatches);
        assert!(told("subscriber ana: cycle 1") && told("counter 1 is stored at 9/9"), "{:?}", report.mismatches);
    }
}
