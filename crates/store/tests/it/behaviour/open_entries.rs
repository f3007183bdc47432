//! The entry that grows holds what the rows of its counter and session do not say (ADR 0017).

use std::sync::Arc;

use accounting::Octets;
use accounting::changes::Changes;
use accounting::ledger::{EntryRef, LedgerEntry, Reason};
use store::{DayOf, LedgerSubject, NasId, SessionQuery, Store};

use crate::every_store::on_every_store;
use crate::rounds::{act, entry, first, grown, quiet, shared, times, tower};

/// Ana's session has 1/2 octets, and 10/20 more in an entry that is open; then that grows to 30/40.
async fn growing(store: &dyn Store) -> (NasId, u64, i64) {
    let (nas, version, ana) = tower(store).await;
    store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(1, 2)))).await.unwrap();
    store.commit(nas, 1, version, shared(opens(2, 100, ana.id, (1, 2), (10, 20)))).await.unwrap();
    let mut changes = quiet(3, 200);
    let (delta, after) = (Octets::new(30, 40), Octets::new(31, 42));
    changes.grown_entries = vec![grown(2, ana.id, Octets::new(20, 20), delta, after, 200)];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    (nas, version, ana.id)
}

/// Round `no` opens the entry of that number, `seconds` after the begin.
fn opens(no: u64, seconds: u64, login: i64, before: (u64, u64), delta: (u64, u64)) -> Changes {
    let mut changes = quiet(no, seconds);
    let (before, delta) = (Octets::new(before.0, before.1), Octets::new(delta.0, delta.1));
    let after = before + delta;
    let grew = LedgerEntry { reason: Reason::Grew, before, after, ..entry(no, 1, login, delta, seconds) };
    let opened = EntryRef { bucket: grew.bucket, no };
    changes.new_entries = vec![grew];
    changes.opened_counters = vec![(1, opened)];
    changes.opened_sessions = vec![(1, opened)];
    changes
}

/// The session's total as its list and its explanation have it, and the counter's baseline after a restart.
async fn stands(store: &dyn Store, nas: NasId) -> (Octets, Octets) {
    let listed = store
        .list_sessions(SessionQuery { limit: 10, reach: store::Reach::Everywhere, ..SessionQuery::default() })
        .await
        .unwrap();
    let explained = store.explained_total(LedgerSubject::Session { nas, no: 1 }).await.unwrap();
    assert_eq!((listed.len(), Some(listed[0].octets)), (1, explained));
    assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    (listed[0].octets, store.load(nas).await.unwrap().counters[0].octets)
}

on_every_store! {
    async fn a_counter_and_its_session_stand_where_the_open_entry_ends(store) {
        let (nas, ..) = growing(&*store).await;
        assert_eq!(stands(&*store, nas).await, (Octets::new(31, 42), Octets::new(31, 42)));
    }

    async fn the_next_open_entry_goes_on_from_there(store) {
        let (nas, version, login) = growing(&*store).await;
        store.commit(nas, 1, version, shared(opens(4, 1_000, login, (31, 42), (5, 5)))).await.unwrap();
        assert_eq!(stands(&*store, nas).await, (Octets::new(36, 47), Octets::new(36, 47)));
    }

    async fn what_is_posted_beside_it_adds_up_with_it(store) {
        let (nas, version, login) = growing(&*store).await;
        let mut changes = quiet(4, 300);
        let delta = Octets::new(7, 7);
        let reset = LedgerEntry { reason: Reason::CounterReset, before: Octets::new(31, 42), after: delta, ..entry(4, 1, login, delta, 300) };
        changes.new_entries = vec![reset];
        changes.counter_octets = vec![(1, delta)];
        changes.session_octets = vec![(1, delta)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(stands(&*store, nas).await, (Octets::new(38, 49), delta));
    }

    async fn folding_an_open_entry_changes_neither(store) {
        let (nas, version, login) = growing(&*store).await;
        let day_of: DayOf = Arc::new(|bucket| bucket..bucket + 1);
        while store.fold_some(times(5_000).at.bucket(), Arc::clone(&day_of)).await.unwrap().is_some() {}
        assert_eq!(stands(&*store, nas).await, (Octets::new(31, 42), Octets::new(31, 42)));
        store.commit(nas, 1, version, shared(opens(4, 9_000, login, (31, 42), (5, 5)))).await.unwrap();
        assert_eq!(stands(&*store, nas).await, (Octets::new(36, 47), Octets::new(36, 47)));
    }

    async fn a_removed_router_leaves_them_there(store) {
        let (nas, ..) = growing(&*store).await;
        store.remove_nas(nas, act("router.remove")).await.unwrap();
        let lines = store.entries(LedgerSubject::Session { nas, no: 1 }, None, 10).await.unwrap();
        assert_eq!(lines.last().unwrap().entry.before, Octets::new(31, 42));
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }
}
