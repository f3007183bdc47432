//! Speed limits that are wanted, and how they end.

use accounting::changes::{SessionEnded, SessionRecord, SessionState};
use accounting::time::Micros;
use store::{AuditQuery, LimitSubject, LimitUntil, NasId, RateLimit, Store, WantedLimit};

use crate::every_store::on_every_store;
use crate::rounds::{act, quiet, session, shared, times, tower};

fn limit(nas: NasId, subject: LimitSubject, until: LimitUntil) -> WantedLimit {
    let rate = RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) };
    WantedLimit { nas, subject, rate, until, set_by: "eva".to_owned(), set_at: times(0).at }
}

fn device() -> LimitSubject {
    LimitSubject::Device(b"AA:BB:CC:DD:EE:FF".to_vec())
}

async fn acts(store: &dyn Store, action: &str) -> Vec<(String, String)> {
    let query = AuditQuery { action: Some(action.to_owned()), limit: 100, ..AuditQuery::default() };
    let acts = store.list_audit(query).await.unwrap();
    acts.into_iter().map(|record| (record.act.subject, record.act.detail)).collect()
}

on_every_store! {
    async fn one_is_wanted_for_a_subject_until_it_is_removed(store) {
        let (nas, ..) = tower(&*store).await;
        let login = limit(nas, LimitSubject::Ppp(b"an\xff".to_vec()), LimitUntil::Removed);
        let first = limit(nas, device(), LimitUntil::Removed);
        assert_eq!(store.limited_routers().await.unwrap(), []);
        for wanted in [&login, &first] {
            assert_eq!(store.set_limit(wanted.clone(), act("limit.set")).await.unwrap(), None);
        }
        let open = RateLimit { up_bps: None, down_bps: None };
        let second = WantedLimit { rate: open, until: LimitUntil::At(Micros(7)), ..first.clone() };
        assert_eq!(store.set_limit(second.clone(), act("limit.set")).await.unwrap(), Some(first));
        assert_eq!(store.limits(None).await.unwrap(), [second.clone(), login.clone()]);
        assert_eq!(store.limits(Some(NasId(nas.0 + 1))).await.unwrap(), []);
        let removed = store.remove_limit(nas, device(), act("limit.remove")).await.unwrap();
        assert_eq!(removed, Some(second));
        assert_eq!(store.remove_limit(nas, device(), act("limit.remove")).await.unwrap(), None);
        assert_eq!(store.limits(Some(nas)).await.unwrap(), [login]);
        let set_and_removed = (acts(&*store, "limit.set").await.len(), acts(&*store, "limit.remove").await.len());
        assert_eq!(set_and_removed, (3, 1), "what changes nothing is no act");
    }

    async fn what_is_taken_back_is_exactly_what_was_wanted(store) {
        let (nas, ..) = tower(&*store).await;
        let mine = limit(nas, device(), LimitUntil::Removed);
        let theirs = limit(nas, device(), LimitUntil::At(Micros(7)));
        store.set_limit(mine.clone(), act("limit.set")).await.unwrap();
        store.undo_limit(theirs.clone(), None, act("limit.refused")).await.unwrap();
        assert_eq!(store.limits(None).await.unwrap(), std::slice::from_ref(&mine), "somebody else's stays");
        store.undo_limit(mine.clone(), Some(theirs.clone()), act("limit.refused")).await.unwrap();
        assert_eq!(store.limits(None).await.unwrap(), std::slice::from_ref(&theirs));
        store.undo_limit(theirs, None, act("limit.refused")).await.unwrap();
        assert_eq!(store.limits(None).await.unwrap(), []);
        assert_eq!(acts(&*store, "limit.refused").await.len(), 2);
    }

    async fn a_router_is_limited_until_it_is_free_and_nothing_is_wanted(store) {
        let (nas, ..) = tower(&*store).await;
        store.set_limit(limit(nas, device(), LimitUntil::Removed), act("limit.set")).await.unwrap();
        store.free_of_limits(nas).await.unwrap();
        assert_eq!(store.limited_routers().await.unwrap(), [nas], "one is wanted");
        store.remove_limit(nas, device(), act("limit.remove")).await.unwrap();
        assert_eq!(store.limited_routers().await.unwrap(), [nas], "it may be there yet");
        store.free_of_limits(nas).await.unwrap();
        assert_eq!(store.limited_routers().await.unwrap(), []);
    }

    async fn one_ends_with_its_time_its_session_or_its_router(store) {
        let (nas, version, ana) = tower(&*store).await;
        let mut changes = quiet(1, 0);
        changes.new_sessions = vec![session(1, ana.id), session(2, ana.id)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let of = |name: &[u8], until| limit(nas, LimitSubject::Ppp(name.to_vec()), until);
        let (first, second) = (of(b"one", LimitUntil::Session(1)), of(b"two", LimitUntil::Session(2)));
        let (timed, for_good) = (of(b"timed", LimitUntil::At(times(5).at)), of(b"good", LimitUntil::Removed));
        for wanted in [&first, &second, &timed, &for_good] {
            store.set_limit(wanted.clone(), act("limit.set")).await.unwrap();
        }
        let just_before = Micros(times(5).at.0 - 1);
        assert_eq!(store.end_limits(just_before).await.unwrap(), []);
        let mut changes = quiet(2, 10);
        let ended = SessionEnded { last_seen_at: times(4).at, terminate_cause: None };
        changes.session_states = vec![(1, SessionState::Ended(ended)), (2, SessionState::Missing)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.end_limits(just_before).await.unwrap(), [first], "a session that is missed may come again");
        assert_eq!(store.end_limits(times(5).at).await.unwrap(), [timed]);
        store.remove_nas(nas, act("router.remove")).await.unwrap();
        assert_eq!(store.end_limits(times(5).at).await.unwrap(), [for_good, second]);
        assert_eq!(store.limits(None).await.unwrap(), []);
        let ends = acts(&*store, "limit.end").await;
        assert_eq!(ends.len(), 4);
        let told = format!(
            r#"{{"nas":{},"kind":"ppp","up_bps":1000000,"down_bps":2000000,"with_its_session":false}}"#,
            nas.0
        );
        assert_eq!(ends[2], ("timed".to_owned(), told));
    }

    async fn of_sessions_that_are_there_at_once_the_last_one_ends_it_and_no_later_one_holds_it(store) {
        let (nas, version, ana) = tower(&*store).await;
        let of_device = |no, mac: &[u8]| SessionRecord { calling_station_id: mac.into(), ..session(no, ana.id) };
        let mut changes = quiet(1, 0);
        changes.new_sessions = vec![of_device(1, b"A"), of_device(2, b"B")];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let of_login = limit(nas, LimitSubject::Ppp(b"ana".to_vec()), LimitUntil::Session(2));
        let of_device_b = limit(nas, LimitSubject::Device(b"B".to_vec()), LimitUntil::Session(2));
        for wanted in [&of_login, &of_device_b] {
            store.set_limit(wanted.clone(), act("limit.set")).await.unwrap();
        }
        assert_eq!(store.end_limits(times(0).at).await.unwrap(), []);
        let over = |no| (no, SessionState::Ended(SessionEnded { last_seen_at: times(4).at, terminate_cause: None }));
        let mut changes = quiet(2, 10);
        changes.new_sessions = vec![of_device(3, b"B")];
        changes.session_states = vec![over(2)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.end_limits(times(0).at).await.unwrap(), [of_device_b], "her other device is another's matter");
        let mut changes = quiet(3, 20);
        changes.session_states = vec![over(1)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.end_limits(times(0).at).await.unwrap(), [of_login], "who dialled in anew has no limit");
    }
}
