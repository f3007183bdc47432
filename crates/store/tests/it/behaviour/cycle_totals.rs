//! What a cycle moved is kept by router: rows begin with what a router moves first, and only where the cycle takes it.

use accounting::Octets;
use accounting::changes::{Changes, SessionState};
use accounting::ledger::{LedgerEntry, Reason};
use accounting::login::LoginRef;
use store::{
    CycleTotals, EntryKey, HeldAct, LedgerSubject, NasId, NewAudit, NewSubscriber, Renews, Scope, Store,
    SubscriberChange,
};

use crate::every_store::on_every_store;
use crate::rounds::{act, entry, first, quiet, resolve, router, session, shared, subscriber, times};

/// Ana, who may be on any router, and two of them.
async fn roaming(store: &dyn Store) -> (NewSubscriber, [NasId; 2]) {
    let tower = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    let hill = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
    let ana = subscriber("ana", Scope::All);
    store.insert_subscriber(ana.clone(), act("subscriber.add")).await.unwrap();
    (ana, [tower, hill])
}

/// Her first session on a router, with so many octets.
async fn shows(store: &dyn Store, nas: NasId, octets: Octets) -> LoginRef {
    let (version, login) = resolve(store, nas, b"ana").await;
    store.commit(nas, 1, version, shared(first(login.id, login.cycle, octets))).await.unwrap();
    login
}

/// A second round, in which her session moved so much in that cycle.
fn moved(login: LoginRef, cycle: Option<i64>, delta: Octets) -> Changes {
    let mut changes = quiet(2, 20);
    changes.new_entries =
        vec![LedgerEntry { cycle, reason: Reason::Grew, ..entry(2, 1, login.id, delta, 20) }];
    changes.session_octets = vec![(1, delta)];
    changes.cycle_octets = cycle.map(|cycle| (cycle, delta)).into_iter().collect();
    changes
}

async fn commit(store: &dyn Store, nas: NasId, changes: Changes) -> Result<(), store::CommitError> {
    let version = store.bindings_version().await.unwrap();
    store.commit(nas, 1, version, shared(changes)).await
}

async fn renew(store: &dyn Store, ana: &NewSubscriber, fresh: &[NasId]) {
    let change =
        SubscriberChange { renews: Renews::Always, fresh: fresh.to_vec(), ..SubscriberChange::default() };
    let act = NewAudit { at: times(10).at, ..act("subscriber.renew") };
    store.change_subscriber(ana.id, change, act.clone(), act).await.unwrap();
}

async fn cycles(store: &dyn Store, ana: &NewSubscriber) -> Vec<CycleTotals> {
    store.subscriber_cycles(ana.id, None, 10).await.unwrap()
}

async fn octets(store: &dyn Store, ana: &NewSubscriber) -> Vec<Octets> {
    cycles(store, ana).await.iter().map(|cycle| cycle.octets).collect()
}

/// Mismatches of totals and entries of cycles.
async fn told_of_cycles(store: &dyn Store) -> Vec<String> {
    let told = store.verify().await.unwrap().mismatches;
    told.into_iter().filter(|told| told.contains("cycle")).collect()
}

on_every_store! {
    async fn a_cycle_is_the_sum_of_what_each_router_moved(store) {
        let (ana, [tower, hill]) = roaming(&*store).await;
        assert_eq!(octets(&*store, &ana).await, [Octets::ZERO], "nothing yet");
        let empty = LedgerSubject::Cycle(cycles(&*store, &ana).await[0].id);
        assert_eq!(store.explained_total(empty).await.unwrap(), Some(Octets::ZERO));
        let login = shows(&*store, tower, Octets::new(10, 20)).await;
        shows(&*store, hill, Octets::new(3, 4)).await;
        let first = login.cycle.unwrap();
        assert_eq!(octets(&*store, &ana).await, [Octets::new(13, 24)]);
        renew(&*store, &ana, &[tower, hill]).await;
        let (_, login) = resolve(&*store, hill, b"ana").await;
        commit(&*store, hill, moved(login, login.cycle, Octets::new(1, 1))).await.unwrap();
        assert_eq!(octets(&*store, &ana).await, [Octets::new(1, 1), Octets::new(13, 24)]);
        let total = async |cycle| store.explained_total(LedgerSubject::Cycle(cycle)).await.unwrap();
        assert_eq!((total(first).await, total(4_711).await), (Some(Octets::new(13, 24)), None));
        store.undo_renewal(ana.id, act("subscriber.renew_undo")).await.unwrap();
        assert_eq!(octets(&*store, &ana).await, [Octets::new(14, 25)]);
        assert_eq!(total(first).await, Some(Octets::new(14, 25)));
        assert_eq!(store.find_subscriber("ana").await.unwrap().unwrap().cycle.unwrap().octets, Octets::new(14, 25));
        assert_eq!(told_of_cycles(&*store).await, Vec::<String>::new());
    }

    async fn octets_at_another_router_than_their_entries_are_found(store) {
        let (_, [tower, hill]) = roaming(&*store).await;
        let login = shows(&*store, tower, Octets::new(10, 20)).await;
        shows(&*store, hill, Octets::new(3, 4)).await;
        let mut entered = moved(login, login.cycle, Octets::new(5, 6));
        let totals = std::mem::take(&mut entered.cycle_octets);
        commit(&*store, tower, entered).await.unwrap();
        commit(&*store, hill, Changes { cycle_octets: totals, ..quiet(2, 20) }).await.unwrap();
        assert_eq!(told_of_cycles(&*store).await, [
            "subscriber ana: cycle 1 has a total of 10 octets up and 20 down on the router tower, its entries there add up to \
             15 and 26",
            "subscriber ana: cycle 1 has a total of 8 octets up and 10 down on the router hill, its entries there add up to 3 \
             and 4",
        ], "though what it moved on both is right");
    }

    async fn rows_begin_beside_those_that_grow(store) {
        let (ana, [tower, _]) = roaming(&*store).await;
        let eva = subscriber("eva", Scope::All);
        store.insert_subscriber(eva.clone(), act("subscriber.add")).await.unwrap();
        let login = shows(&*store, tower, Octets::new(10, 20)).await;
        let mut both = moved(login, login.cycle, Octets::new(1, 2));
        let evas = cycles(&*store, &eva).await[0].id;
        both.cycle_octets.push((evas, Octets::new(7, 8)));
        commit(&*store, tower, both).await.unwrap();
        assert_eq!(octets(&*store, &ana).await, [Octets::new(11, 22)]);
        assert_eq!(octets(&*store, &eva).await, [Octets::new(7, 8)]);
    }

    async fn nothing_begins_in_a_cycle_that_is_final_or_not_there(store) {
        let (ana, [tower, hill]) = roaming(&*store).await;
        let old = shows(&*store, tower, Octets::new(10, 20)).await.cycle.unwrap();
        renew(&*store, &ana, &[tower, hill]).await;
        let open = cycles(&*store, &ana).await[0].id;
        for closed in [old, 4_711] {
            let late = Changes { cycle_octets: vec![(open, Octets::new(1, 1)), (closed, Octets::new(1, 1))], ..quiet(1, 20) };
            let refused = commit(&*store, hill, late).await.unwrap_err().to_string();
            assert!(refused.contains("of 2 open or unsettled cycles 1 are in the database as remembered"), "{refused}");
        }
        assert_eq!(octets(&*store, &ana).await, [Octets::ZERO, Octets::new(10, 20)], "nothing was written");
    }

    async fn a_closed_cycle_takes_what_routers_that_were_not_read_still_bring(store) {
        let (ana, [tower, hill]) = roaming(&*store).await;
        let login = shows(&*store, tower, Octets::new(10, 20)).await;
        // It was read, and showed nobody.
        commit(&*store, hill, quiet(1, 0)).await.unwrap();
        renew(&*store, &ana, &[]).await;
        assert_eq!(cycles(&*store, &ana).await[1].unsettled, 2);
        commit(&*store, tower, moved(login, login.cycle, Octets::new(1, 1))).await.unwrap();
        let mut found = moved(login, login.cycle, Octets::new(2, 2));
        found.new_sessions = vec![session(1, login.id)];
        commit(&*store, hill, found).await.unwrap();
        assert_eq!(octets(&*store, &ana).await, [Octets::ZERO, Octets::new(13, 23)]);
        assert_eq!(told_of_cycles(&*store).await, Vec::<String>::new());
    }

    async fn a_closed_cycle_takes_what_is_found_of_a_session_that_was_missing(store) {
        let (ana, [tower, _]) = roaming(&*store).await;
        let login = shows(&*store, tower, Octets::new(10, 20)).await;
        let missing = Changes { session_states: vec![(1, SessionState::Missing)], ..quiet(2, 5) };
        commit(&*store, tower, missing).await.unwrap();
        renew(&*store, &ana, &[tower]).await;
        assert_eq!(cycles(&*store, &ana).await[1].unsettled, 1, "a reading that lacks her says nothing of her");
        let found = Changes { nas: quiet(3, 20).nas, ..moved(login, login.cycle, Octets::new(1, 1)) };
        commit(&*store, tower, found).await.unwrap();
        assert_eq!(octets(&*store, &ana).await, [Octets::ZERO, Octets::new(11, 21)]);
    }

    async fn what_a_release_brings_a_cycle_to_can_be_added_up_over_all_routers(store) {
        let (ana, [tower, hill]) = roaming(&*store).await;
        let most = i64::MAX.unsigned_abs() / 2;
        shows(&*store, hill, Octets::new(most - 50, 1)).await;
        let login = shows(&*store, tower, Octets::new(1, 1)).await;
        let held = |no, octets| LedgerEntry {
            reason: Reason::Held,
            posted: false,
            ..entry(no, 1, login.id, Octets::new(octets, 0), 20)
        };
        commit(&*store, tower, Changes { new_entries: vec![held(2, 50), held(3, 49)], ..quiet(2, 20) }).await.unwrap();
        let release = async |no| {
            let key = EntryKey { bucket: held(no, 0).bucket, nas: tower, no };
            store.decide_held(key, HeldAct::Released, act("held.release")).await
        };
        let refused = release(2).await.unwrap_err().to_string();
        assert!(refused.contains("bring its billing cycle to more octets than can be counted"), "{refused}");
        release(3).await.unwrap();
        assert_eq!(octets(&*store, &ana).await, [Octets::new(most, 2)]);
    }
}
