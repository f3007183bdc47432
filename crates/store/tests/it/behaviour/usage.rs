//! Adding up usage.

use accounting::Octets;
use accounting::changes::{Changes, SessionEnded, SessionState};
use accounting::ledger::{LedgerEntry, Reason, Unseen};
use accounting::time::Micros;
use store::{NewSubscriber, Scope, Store, StoreError, UsagePlace, UsageQuery, UsageRow};

use crate::every_store::on_every_store;
use crate::rounds::{
    BEGIN, act, entry, first, quiet, resolve, router, session, shared, subscriber, times, tower,
};

const ALL: UsageQuery = UsageQuery {
    buckets: i64::MIN..i64::MAX,
    router: None,
    username: None,
    subscriber: None,
    reach: store::Reach::Everywhere,
};
const SECOND: u64 = 1_000_000;

async fn told(store: &dyn Store, query: UsageQuery) -> Vec<(String, Option<Vec<u8>>, u64)> {
    let rows = store.usage(query).await.unwrap();
    rows.into_iter().map(|row| (row.router, row.username, row.octets.input)).collect()
}

fn ana(router: &str, octets: u64) -> (String, Option<Vec<u8>>, u64) {
    (router.to_owned(), Some(b"ana".to_vec()), octets)
}

/// An entry of which the last seconds were not seen.
fn unseen(entry: LedgerEntry, seconds: u64, upper_octets: u64) -> LedgerEntry {
    let unseen = Unseen { micros: Some(seconds * SECOND), upper_octets: Some(upper_octets) };
    LedgerEntry { unseen: Some(unseen), ..entry }
}

/// Ana on the tower: 1 octet in the first bucket, 10 in the second; 100 of nobody in the second. Ana on the hill:
/// 1,000 in the first.
async fn two_routers(store: &dyn Store) {
    let (nas, version, own) = tower(store).await;
    store.commit(nas, 1, version, shared(first(own.id, None, Octets::new(1, 0)))).await.unwrap();
    let mut changes = quiet(2, 1_000);
    let nobodys = entry(3, 1, own.id, Octets::new(100, 0), 1_000);
    changes.new_entries = vec![
        entry(2, 1, own.id, Octets::new(10, 0), 1_000),
        LedgerEntry { login: None, session: None, ..nobodys },
    ];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    let hill = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
    let (version, own) = resolve(store, hill, b"ana").await;
    store.commit(hill, 1, version, shared(first(own.id, None, Octets::new(1_000, 0)))).await.unwrap();
}

on_every_store! {
    async fn usage_is_per_router_and_login_and_nobodys_last(store) {
        two_routers(&*store).await;
        let nobody = ("tower".to_owned(), None, 100);
        assert_eq!(told(&*store, ALL).await, [ana("hill", 1_000), ana("tower", 11), nobody]);
    }

    async fn pages_join_to_the_whole_also_past_nobodys_octets(store) {
        two_routers(&*store).await;
        let whole = store.usage(ALL).await.unwrap();
        for size in 1..4 {
            let (mut joined, mut after) = (Vec::new(), None);
            loop {
                let page = store.usage_page(ALL, after.clone(), size).await.unwrap();
                assert!(page.len() <= size);
                let Some(last) = page.last() else { break };
                after = Some(last.place());
                joined.extend(page);
            }
            assert_eq!(joined, whole, "pages of {size}");
        }
    }

    async fn a_place_is_found_though_nothing_of_its_login_counts_any_more(store) {
        two_routers(&*store).await;
        let places: Vec<UsagePlace> = store.usage(ALL).await.unwrap().iter().map(UsageRow::place).collect();
        let second = UsageQuery { buckets: BEGIN.bucket() + 1..BEGIN.bucket() + 2, ..ALL };
        let after = async |place: &UsagePlace| {
            let rows = store.usage_page(second.clone(), Some(place.clone()), 9).await.unwrap();
            rows.into_iter().map(|row| row.octets.input).collect::<Vec<_>>()
        };
        assert_eq!(after(&places[0]).await, [10, 100], "ana on the hill is not among them");
        assert_eq!((after(&places[1]).await, after(&places[2]).await), (vec![100], vec![]));
        let nobodys = UsagePlace { router: "tower".to_owned(), login: Some(9_999) };
        let lost = store.usage_page(ALL, Some(nobodys), 9).await;
        assert!(matches!(lost, Err(StoreError::Constraint(_))), "{lost:?}");
    }

    async fn an_entry_belongs_to_the_bucket_of_its_end(store) {
        two_routers(&*store).await;
        let bucket = BEGIN.bucket();
        let first = UsageQuery { buckets: bucket..bucket + 1, ..ALL };
        assert_eq!(told(&*store, first).await, [ana("hill", 1_000), ana("tower", 1)]);
        let none = UsageQuery { buckets: bucket + 2..bucket + 3, ..ALL };
        assert_eq!(told(&*store, none).await, []);
        let nothing = UsageQuery { buckets: bucket..bucket, ..ALL };
        assert_eq!(told(&*store, nothing).await, []);
    }

    async fn filters_narrow_it(store) {
        two_routers(&*store).await;
        let tower = UsageQuery { router: Some("tower".to_owned()), username: Some(b"ana".to_vec()), ..ALL };
        assert_eq!(told(&*store, tower).await, [ana("tower", 11)]);
        let stranger = UsageQuery { username: Some(b"Ana".to_vec()), ..ALL };
        assert_eq!(told(&*store, stranger).await, []);
    }

    async fn a_subscribers_usage_is_what_counted_into_their_cycles(store) {
        two_routers(&*store).await;
        let new = subscriber("ana", Scope::Router("tower".to_owned()));
        store.insert_subscriber(new.clone(), act("subscriber.add")).await.unwrap();
        let nas = store.nas_by_name("tower").await.unwrap().unwrap().id;
        let (version, bound) = resolve(&*store, nas, b"ana").await;
        let mut changes = quiet(3, 1_010);
        let delta = Octets::new(7, 0);
        changes.new_entries = vec![LedgerEntry { cycle: bound.cycle, ..entry(4, 1, bound.id, delta, 1_010) }];
        changes.cycle_octets = vec![(bound.cycle.unwrap(), delta)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let theirs = UsageQuery { subscriber: Some(new.id), ..ALL };
        assert_eq!(told(&*store, theirs).await, [ana("tower", 7)]);
        assert_eq!(told(&*store, UsageQuery { router: Some("tower".to_owned()), ..ALL }).await[0], ana("tower", 18));
    }

    async fn a_removed_router_is_told_with_its_successor(store) {
        two_routers(&*store).await;
        let nas = store.nas_by_name("tower").await.unwrap().unwrap().id;
        store.remove_nas(nas, act("router.remove")).await.unwrap();
        let again = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let (version, own) = resolve(&*store, again, b"ana").await;
        store.commit(again, 1, version, shared(first(own.id, None, Octets::new(5, 0)))).await.unwrap();
        assert_eq!(told(&*store, ALL).await[1], ana("tower", 16));
    }

    async fn what_was_seen_and_what_was_not(store) {
        let (nas, version, own) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(own.id, None, Octets::new(1, 0)))).await.unwrap();
        let mut changes = quiet(2, 100);
        let mut early = session(2, own.id);
        early.started_at = BEGIN.minus_seconds(1_000);
        early.first_seen_at = times(100).at;
        early.ended = Some(SessionEnded { last_seen_at: times(90).at, terminate_cause: None });
        changes.new_sessions = vec![early];
        changes.new_entries = vec![unseen(entry(2, 2, own.id, Octets::ZERO, 100), 30, 500)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let rows: Vec<UsageRow> = store.usage(ALL).await.unwrap();
        let seen = rows[0].observation;
        // 100 s of the open session and 90 s of the other since coverage began, of which 20 s are among the last 30 s.
        assert_eq!((seen.observed_us, seen.unseen_us), (170 * SECOND, 30 * SECOND));
        assert_eq!((seen.upper_octets, rows[0].as_of), (Some(500), Some(times(100).at)));
    }

    async fn the_unseen_tail_of_an_ended_session_takes_nothing_from_its_time(store) {
        let (nas, version, own) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(own.id, None, Octets::new(1, 0)))).await.unwrap();
        let mut changes = quiet(2, 100);
        let ended = SessionEnded { last_seen_at: times(40).at, terminate_cause: None };
        changes.session_states = vec![(1, SessionState::Ended(ended))];
        // The bound of a tail is whole seconds, rounded up: it may reach back before the last reading.
        let tail = LedgerEntry { reason: Reason::SessionEnd, from: times(40).at, ..entry(2, 1, own.id, Octets::ZERO, 100) };
        changes.new_entries = vec![unseen(tail, 62, 500)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let seen = store.usage(ALL).await.unwrap()[0].observation;
        assert_eq!((seen.observed_us, seen.unseen_us), (40 * SECOND, 62 * SECOND));
    }

    async fn so_does_a_tail_of_which_the_router_told_a_part(store) {
        let (nas, version, own) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(own.id, None, Octets::new(1, 0)))).await.unwrap();
        let mut changes = quiet(2, 100);
        let ended = SessionEnded { last_seen_at: times(40).at, terminate_cause: None };
        changes.session_states = vec![(1, SessionState::Ended(ended))];
        let told = Octets::new(70, 9);
        let tail = LedgerEntry { reason: Reason::Tail, from: times(40).at, ..entry(2, 1, own.id, told, 100) };
        changes.new_entries = vec![unseen(tail, 62, 421)];
        changes.session_octets = vec![(1, told)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let row = store.usage(ALL).await.unwrap().remove(0);
        assert_eq!((row.octets, row.observation.upper_octets), (Octets::new(71, 9), Some(421)));
        assert_eq!((row.observation.observed_us, row.observation.unseen_us), (40 * SECOND, 62 * SECOND));
    }

    async fn what_was_unseen_before_the_window_takes_nothing_from_its_session_time(store) {
        let (nas, version, own) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(own.id, None, Octets::new(1, 0)))).await.unwrap();
        // The first round was at a bucket's beginning.
        let edge = u64::try_from(Micros::BUCKET).unwrap() / SECOND;
        let mut changes = quiet(2, edge + 100);
        let reset = LedgerEntry { reason: Reason::CounterReset, ..entry(2, 1, own.id, Octets::ZERO, edge + 40) };
        changes.new_entries = vec![unseen(reset, 60, 500)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let window = UsageQuery { buckets: BEGIN.bucket() + 1..i64::MAX, ..ALL };
        let seen = store.usage(window).await.unwrap()[0].observation;
        assert_eq!((seen.observed_us, seen.unseen_us), (60 * SECOND, 60 * SECOND));
    }

    async fn a_missing_session_is_observed_until_it_was_seen_last(store) {
        let (nas, version, own) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(own.id, None, Octets::new(1, 0)))).await.unwrap();
        store.commit(nas, 1, version, shared(quiet(2, 50))).await.unwrap();
        let mut changes = quiet(3, 100);
        changes.session_states = vec![(1, SessionState::Missing)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.usage(ALL).await.unwrap()[0].observation.observed_us, 50 * SECOND);
    }

    async fn a_cycle_is_observed_like_its_sessions(store) {
        let (nas, ..) = tower(&*store).await;
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let (version, bound) = resolve(&*store, nas, b"ana").await;
        let mut changes = first(bound.id, bound.cycle, Octets::new(1, 0));
        changes.new_entries[0].unseen = Some(Unseen { micros: Some(SECOND), upper_octets: None });
        changes.new_entries[0].to = times(1).at;
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        store.commit(nas, 1, version, shared(quiet(2, 50))).await.unwrap();
        let cycle = store.cycle_observation(bound.cycle.unwrap()).await.unwrap();
        assert_eq!((cycle.observation.observed_us, cycle.observation.upper_octets), (49 * SECOND, None));
        assert_eq!(cycle.as_of, Some(times(50).at));
    }

    async fn a_session_that_a_narrower_login_took_over_was_observed_where_it_was_counted(store) {
        let (nas, ..) = tower(&*store).await;
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let (version, wide) = resolve(&*store, nas, b"ana").await;
        store.commit(nas, 1, version, shared(first(wide.id, wide.cycle, Octets::new(1, 0)))).await.unwrap();
        let mut changes = quiet(2, 50);
        let grew = LedgerEntry { reason: Reason::Grew, cycle: wide.cycle, ..entry(2, 1, wide.id, Octets::new(9, 0), 50) };
        changes.new_entries = vec![LedgerEntry { bucket: BEGIN.bucket(), ..grew }];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let narrower = NewSubscriber { username: "ana2".to_owned(), ..subscriber("ana", Scope::Router("tower".to_owned())) };
        store.insert_subscriber(narrower, act("subscriber.add")).await.unwrap();
        let (version, narrow) = resolve(&*store, nas, b"ana").await;
        let moved = Changes { session_logins: vec![(1, narrow.id)], ..quiet(3, 100) };
        store.commit(nas, 1, version, shared(moved)).await.unwrap();
        let cycle = store.cycle_observation(wide.cycle.unwrap()).await.unwrap();
        assert_eq!((cycle.observation.observed_us, cycle.as_of), (50 * SECOND, Some(times(100).at)));
    }
}
