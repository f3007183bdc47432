//! Lists of sessions.

use accounting::changes::{SessionEnded, SessionRecord, SessionState};
use accounting::snapshot::Service;
use accounting::time::Micros;
use store::{Scope, SessionCursor, SessionPhase, SessionQuery, SessionRow, Store};

use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, quiet, resolve, router, session, shared, subscriber, times, tower};

const ALL: SessionQuery = SessionQuery {
    router: None,
    username: None,
    subscriber: None,
    phase: None,
    before: None,
    reach: store::Reach::Everywhere,
    limit: 100,
};

async fn numbers(store: &dyn Store, query: SessionQuery) -> Vec<u64> {
    store.list_sessions(query).await.unwrap().iter().map(|session| session.no).collect()
}

/// On the tower ana's sessions 1 (open), 2 (missing) and 3 (ended), on the hill 4 of bob, seen last.
async fn four(store: &dyn Store) {
    let (nas, version, ana) = tower(store).await;
    let mut changes = quiet(1, 0);
    changes.new_sessions = vec![session(1, ana.id), session(2, ana.id), session(3, ana.id)];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    let mut changes = quiet(2, 10);
    let ended = SessionEnded { last_seen_at: times(4).at, terminate_cause: Some(11) };
    changes.session_states = vec![(2, SessionState::Missing), (3, SessionState::Ended(ended))];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    let hill = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
    let (version, bob) = resolve(store, hill, b"bob").await;
    let mut changes = quiet(1, 20);
    changes.new_sessions = vec![session(4, bob.id)];
    changes.new_sessions[0].first_seen_at = times(20).at;
    store.commit(hill, 1, version, shared(changes)).await.unwrap();
}

on_every_store! {
    async fn the_newest_come_first_and_pages_join(store) {
        four(&*store).await;
        assert_eq!(numbers(&*store, ALL).await, [4, 3, 2, 1]);
        let page = store.list_sessions(SessionQuery { limit: 2, ..ALL }).await.unwrap();
        let last: &SessionRow = page.last().unwrap();
        let before = Some(SessionCursor { first_seen_at: last.first_seen_at, nas: last.nas, no: last.no });
        assert_eq!(numbers(&*store, SessionQuery { before, ..ALL }).await, [2, 1]);
    }

    async fn filters_narrow_the_list(store) {
        four(&*store).await;
        let of = |username: &[u8]| SessionQuery { username: Some(username.to_vec()), ..ALL };
        let on = |router: &str| SessionQuery { router: Some(router.to_owned()), ..ALL };
        let phase = |phase| SessionQuery { phase: Some(phase), ..ALL };
        assert_eq!(numbers(&*store, of(b"bob")).await, [4]);
        assert_eq!(numbers(&*store, of(b"Bob")).await, []);
        assert_eq!(numbers(&*store, on("tower")).await, [3, 2, 1]);
        assert_eq!(numbers(&*store, phase(SessionPhase::Open)).await, [4, 1]);
        assert_eq!(numbers(&*store, phase(SessionPhase::Missing)).await, [2]);
        assert_eq!(numbers(&*store, phase(SessionPhase::Ended)).await, [3]);
        let both = SessionQuery { phase: Some(SessionPhase::Open), ..of(b"ana") };
        assert_eq!(numbers(&*store, both).await, [1]);
    }

    async fn open_sessions_are_counted_by_router(store) {
        assert_eq!(store.count_open_sessions().await.unwrap(), []);
        four(&*store).await;
        let [tower, hill] = ["tower", "hill"].map(|name| store.nas_by_name(name));
        let (tower, hill) = (tower.await.unwrap().unwrap().id, hill.await.unwrap().unwrap().id);
        assert_eq!(store.count_open_sessions().await.unwrap(), [(tower, 1), (hill, 1)]);
    }

    async fn open_sessions_of_hotspots_are_counted_by_router(store) {
        four(&*store).await;
        assert_eq!(store.count_open_hotspot_sessions().await.unwrap(), [], "lines are none");
        let hill = store.nas_by_name("hill").await.unwrap().unwrap().id;
        let (version, eva) = resolve(&*store, hill, b"eva").await;
        let of = |no| SessionRecord { service: Service::Hotspot, ..session(no, eva.id) };
        let mut changes = quiet(2, 30);
        changes.new_sessions = vec![of(5), of(6), of(7)];
        changes.session_states = vec![(7, SessionState::Missing)];
        store.commit(hill, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.count_open_hotspot_sessions().await.unwrap(), [(hill, 2)]);
        assert_eq!(store.open_hotspot_sessions(1, store::Reach::Everywhere).await.unwrap().len(), 1);
    }

    async fn a_session_tells_when_it_was_last_seen_and_whose_it_is(store) {
        four(&*store).await;
        let told = store.list_sessions(ALL).await.unwrap();
        let seen: Vec<Option<Micros>> = told.iter().map(|session| session.last_seen_at).collect();
        assert_eq!(seen, [None, Some(times(4).at), Some(BEGIN), None]);
        assert_eq!((told[1].terminate_cause, told[1].username.as_slice()), (Some(11), &b"ana"[..]));
        assert_eq!(told[0].subscriber, None);
        let bob = subscriber("bob", Scope::Router("hill".to_owned()));
        store.insert_subscriber(bob, act("subscriber.add")).await.unwrap();
        assert_eq!(store.list_sessions(ALL).await.unwrap()[0].subscriber.as_deref(), Some("bob"));
    }

    async fn the_owners_of_sessions_come_as_they_are_asked_for(store) {
        four(&*store).await;
        let bob = subscriber("bob", Scope::Router("hill".to_owned()));
        store.insert_subscriber(bob, act("subscriber.add")).await.unwrap();
        let [tower, hill] = ["tower", "hill"].map(|name| store.nas_by_name(name));
        let (tower, hill) = (tower.await.unwrap().unwrap().id, hill.await.unwrap().unwrap().id);
        let asked = vec![(hill, 4), (tower, 4), (tower, 1), (hill, 4)];
        let owners = store.owners_of_sessions(asked).await.unwrap();
        let whose = owners.iter().map(|owner| {
            owner.as_ref().map(|one| (one.router.as_str(), &*one.username, one.subscriber.as_deref()))
        });
        let bobs = Some(("hill", &b"bob"[..], Some("bob")));
        assert_eq!(whose.collect::<Vec<_>>(), [bobs, None, Some(("tower", &b"ana"[..], None)), bobs]);
        let session = store.list_sessions(ALL).await.unwrap().remove(0);
        let owner = owners[0].as_ref().unwrap();
        assert_eq!((owner.service, &owner.framed_address), (session.service, &session.framed_address));
        assert_eq!(owner.calling_station_id, session.calling_station_id);
        store.remove_nas(hill, act("router.remove")).await.unwrap();
        assert_eq!(store.owners_of_sessions(vec![(hill, 4)]).await.unwrap(), [None]);
    }

    async fn those_that_ended_come_latest_first_from_an_instant_on(store) {
        four(&*store).await;
        let [tower, hill] = ["tower", "hill"].map(|name| store.nas_by_name(name));
        let (tower, hill) = (tower.await.unwrap().unwrap().id, hill.await.unwrap().unwrap().id);
        for (nas, poll_seq, no, seconds) in [(tower, 3, 1, 40), (hill, 2, 4, 50)] {
            let version = store.bindings_version().await.unwrap();
            let mut changes = quiet(poll_seq, 60);
            let ended = SessionEnded { last_seen_at: times(seconds).at, terminate_cause: None };
            changes.session_states = vec![(no, SessionState::Ended(ended))];
            store.commit(nas, 1, version, shared(changes)).await.unwrap();
        }
        let ended = async |router: Option<&str>, since, before, limit| {
            let router = router.map(str::to_owned);
            let rows = store.list_ended_sessions(router, times(since).at, before, limit, store::Reach::Everywhere).await.unwrap();
            rows.iter().map(|row| row.no).collect::<Vec<_>>()
        };
        assert_eq!(ended(None, 0, None, 9).await, [4, 1, 3]);
        assert_eq!(ended(None, 40, None, 9).await, [4, 1]);
        assert_eq!(ended(Some("tower"), 0, None, 9).await, [1, 3]);
        assert_eq!(ended(None, 0, None, 1).await, [4]);
        let behind = SessionCursor { first_seen_at: times(40).at, nas: tower, no: 1 };
        assert_eq!(ended(None, 0, Some(behind), 9).await, [3]);
        store.remove_nas(hill, act("router.remove")).await.unwrap();
        assert_eq!(ended(None, 0, None, 9).await, [1, 3]);
    }

    async fn a_missing_session_that_returns_is_open(store) {
        four(&*store).await;
        let nas = store.nas_by_name("tower").await.unwrap().unwrap().id;
        let version = store.bindings_version().await.unwrap();
        let mut changes = quiet(3, 30);
        changes.session_states = vec![(2, SessionState::Open)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let open = store.list_sessions(SessionQuery { phase: Some(SessionPhase::Open), ..ALL }).await.unwrap();
        let told: Vec<_> = open.iter().map(|session| (session.no, session.last_seen_at)).collect();
        assert_eq!(told, [(4, None), (2, None), (1, None)]);
    }
}
