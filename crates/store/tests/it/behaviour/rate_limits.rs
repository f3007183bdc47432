//! Speed limits that are wanted, and how they end.

use accounting::Octets;
use accounting::changes::{SessionEnded, SessionRecord, SessionState};
use accounting::time::{Micros, StartInterval};
use store::{
    AuditQuery, HostTime, LimitSession, LimitSessions, LimitSubject, LimitUntil, LimitsDue, NasId, RateLimit,
    ReplacedLimit, SET_BY_VOUCHER, Store, WantedLimit,
};

use crate::every_store::on_every_store;
use crate::rounds::{act, counter, quiet, session, shared, times, tower};
use crate::vouchers;

fn limit(nas: NasId, subject: LimitSubject, until: LimitUntil) -> WantedLimit {
    let rate = RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) };
    WantedLimit { nas, subject, rate, until, set_by: "eva".to_owned(), set_at: times(0).at }
}

fn device() -> LimitSubject {
    LimitSubject::Device(b"AA:BB:CC:DD:EE:FF".to_vec())
}

fn due(at: Micros) -> LimitsDue {
    LimitsDue { wall: at, lasting: at }
}

fn alone(limit: WantedLimit) -> ReplacedLimit {
    ReplacedLimit { limit, beneath: None }
}

async fn acts(store: &dyn Store, action: &str) -> Vec<(String, String)> {
    let query = AuditQuery {
        action: Some(action.to_owned()),
        limit: 100,
        reach: store::Reach::Everywhere,
        ..AuditQuery::default()
    };
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
        let replaced = store.set_limit(second.clone(), act("limit.set")).await.unwrap();
        assert_eq!(replaced, Some(alone(first)));
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
        store.undo_limit(mine.clone(), Some(alone(theirs.clone())), act("limit.refused")).await.unwrap();
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
        assert_eq!(store.end_limits(due(just_before)).await.unwrap(), []);
        let mut changes = quiet(2, 10);
        let ended = SessionEnded { last_seen_at: times(4).at, terminate_cause: None };
        changes.session_states = vec![(1, SessionState::Ended(ended)), (2, SessionState::Missing)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.end_limits(due(just_before)).await.unwrap(), [first], "a session that is missed may come again");
        assert_eq!(store.end_limits(due(times(5).at)).await.unwrap(), [timed]);
        store.remove_nas(nas, act("router.remove")).await.unwrap();
        assert_eq!(store.end_limits(due(times(5).at)).await.unwrap(), [for_good, second]);
        assert_eq!(store.limits(None).await.unwrap(), []);
        let ends = acts(&*store, "limit.end").await;
        assert_eq!(ends.len(), 4);
        let told = format!(
            r#"{{"nas":{},"kind":"ppp","up_bps":1000000,"down_bps":2000000,"with_its_session":false}}"#,
            nas.0
        );
        assert_eq!(ends[2], ("timed".to_owned(), told));
    }

    async fn a_clock_that_is_set_moves_one_for_a_while_along_and_not_one_until_an_instant(store) {
        let (nas, ..) = tower(&*store).await;
        let hour_us = 3_600_000_000;
        let of = |name: &[u8], until| limit(nas, LimitSubject::Ppp(name.to_vec()), until);
        let (boost, until) = (of(b"boost", LimitUntil::Lasting(Micros(700))), of(b"until", LimitUntil::At(Micros(700))));
        let sticky = of(b"sticky", LimitUntil::Removed);
        for wanted in [&boost, &until, &sticky] {
            store.set_limit(wanted.clone(), act("limit.set")).await.unwrap();
        }
        let seen = |known, ahead_us| HostTime { node: "east".to_owned(), epoch: 7, known, ahead_us, at: Micros(0) };
        store.settle_host_time(seen(None, 0)).await.unwrap();
        store.settle_host_time(seen(Some(0), hour_us)).await.unwrap();
        let moved = WantedLimit { until: LimitUntil::Lasting(Micros(700 + hour_us)), ..boost.clone() };
        assert_eq!(store.limits(None).await.unwrap(), [moved.clone(), sticky.clone(), until.clone()]);
        assert!(acts(&*store, "voucher.clock").await[0].1.contains(r#""limits":1}"#));
        let due = |wall, lasting| store.end_limits(LimitsDue { wall: Micros(wall), lasting: Micros(lasting) });
        assert_eq!(due(699, 699 + hour_us).await.unwrap(), []);
        assert_eq!(due(700, 699 + hour_us).await.unwrap(), [until], "the clock on the wall shows it");
        assert_eq!(due(1 << 60, 699 + hour_us).await.unwrap(), [], "so much has not passed yet");
        let again = of(b"boost", LimitUntil::Removed);
        store.undo_limit(boost, Some(alone(again.clone())), act("limit.refused")).await.unwrap();
        assert_eq!(store.limits(None).await.unwrap(), [again, sticky], "it is the one that was set, moved along");
        store.set_limit(moved.clone(), act("limit.set")).await.unwrap();
        assert_eq!(due(0, 700 + hour_us).await.unwrap(), [moved]);
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
        assert_eq!(store.end_limits(due(times(0).at)).await.unwrap(), []);
        let over = |no| (no, SessionState::Ended(SessionEnded { last_seen_at: times(4).at, terminate_cause: None }));
        let mut changes = quiet(2, 10);
        changes.new_sessions = vec![of_device(3, b"B")];
        changes.session_states = vec![over(2)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.end_limits(due(times(0).at)).await.unwrap(), [of_device_b], "her other device is another's matter");
        let mut changes = quiet(3, 20);
        changes.session_states = vec![over(1)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.end_limits(due(times(0).at)).await.unwrap(), [of_login], "who dialled in anew has no limit");
    }

    async fn what_holds_until_it_is_removed_is_wanted_again_when_what_ends_by_itself_has_ended(store) {
        let (nas, ..) = tower(&*store).await;
        let sticky = limit(nas, device(), LimitUntil::Removed);
        let boost = limit(nas, device(), LimitUntil::At(times(5).at));
        let faster = WantedLimit { rate: RateLimit { up_bps: None, down_bps: Some(9_000_000) }, ..boost.clone() };
        let set = async |limit: &WantedLimit| store.set_limit(limit.clone(), act("limit.set")).await.unwrap();
        set(&sticky).await;
        set(&boost).await;
        let beneath = Some(sticky.clone());
        assert_eq!(set(&faster).await, Some(ReplacedLimit { limit: boost.clone(), beneath: beneath.clone() }));
        assert_eq!(store.end_limits(due(times(5).at)).await.unwrap(), std::slice::from_ref(&faster));
        assert_eq!(store.limits(None).await.unwrap(), std::slice::from_ref(&sticky), "it is wanted again");
        assert_eq!(store.end_limits(due(times(5).at)).await.unwrap(), [], "and does not end by itself");
        assert!(acts(&*store, "limit.end").await[0].1.contains(r#""the_one_before_is_wanted_again":true"#));

        set(&boost).await;
        let other = WantedLimit { set_by: "bob".to_owned(), ..sticky.clone() };
        let replaced = set(&other).await;
        store.undo_limit(other, replaced, act("limit.refused")).await.unwrap();
        assert_eq!(store.end_limits_seen_over(vec![faster.clone()], times(6).at).await.unwrap(), [], "another one");
        assert_eq!(store.end_limits_seen_over(vec![boost.clone()], times(6).at).await.unwrap(), std::slice::from_ref(&boost));
        assert_eq!(store.limits(None).await.unwrap(), [sticky], "what was refused took nothing away");

        set(&boost).await;
        store.remove_limit(nas, device(), act("limit.remove")).await.unwrap();
        assert_eq!(store.limits(None).await.unwrap(), [], "who removes a limit removes what stood beneath it");
    }

    async fn what_a_voucher_that_is_over_set_or_somebody_took_away_is_not_wanted_again(store) {
        let (nas, ..) = tower(&*store).await;
        let sticky = limit(nas, device(), LimitUntil::Removed);
        let of_voucher = WantedLimit { set_by: SET_BY_VOUCHER.to_owned(), ..sticky.clone() };
        let boost = limit(nas, device(), LimitUntil::At(times(5).at));
        let free = WantedLimit { rate: RateLimit::default(), until: LimitUntil::Session(1), ..sticky.clone() };
        for (before, after) in [(of_voucher, boost), (sticky, free)] {
            store.set_limit(before, act("limit.set")).await.unwrap();
            store.set_limit(after.clone(), act("limit.set")).await.unwrap();
            assert_eq!(store.end_limits(due(times(9).at)).await.unwrap(), [after]);
            assert_eq!(store.limits(None).await.unwrap(), []);
        }
    }

    async fn what_a_voucher_set_is_wanted_again_at_once_while_its_device_is_in(store) {
        let (nas, ..) = tower(&*store).await;
        vouchers::make(&*store, vouchers::issue(1), &["ABC"]).await;
        let device = vouchers::let_in(&*store, vouchers::claim("ABC", nas, 1, 5)).await.device;
        let subject = LimitSubject::Device(device.mac.clone().into_bytes());
        let of_voucher = WantedLimit { set_by: SET_BY_VOUCHER.to_owned(), ..limit(nas, subject.clone(), LimitUntil::Removed) };
        let boost = limit(nas, subject, LimitUntil::Lasting(times(5).at));
        let over = async || {
            for limit in [&of_voucher, &boost] {
                store.set_limit(limit.clone(), act("limit.set")).await.unwrap();
            }
            assert_eq!(store.end_limits(due(times(9).at)).await.unwrap(), std::slice::from_ref(&boost));
            store.limits(None).await.unwrap()
        };
        assert_eq!(over().await, std::slice::from_ref(&of_voucher), "no moment without a queue");
        store.leave_voucher_device(device.id, vouchers::act_at(6, "voucher.leave")).await.unwrap();
        assert_eq!(over().await, [], "it is being put out");
    }

    async fn the_sessions_of_a_limit_are_those_that_it_was_set_for(store) {
        let (nas, version, ana) = tower(&*store).await;
        let of_device = |no, mac: &[u8]| SessionRecord { calling_station_id: mac.into(), ..session(no, ana.id) };
        let began = |no: u64| StartInterval { earliest: i64::try_from(no).unwrap() * 100, latest: 900 };
        let counted = |no| {
            let mut counter = counter(no, 70 + no, Octets::ZERO);
            counter.session.as_mut().unwrap().start = Some(began(no));
            counter
        };
        let mut changes = quiet(1, 0);
        changes.new_counters = [1, 2, 4].map(counted).to_vec();
        changes.new_sessions = vec![of_device(1, b"A"), of_device(2, b"B"), of_device(3, b"A"), of_device(4, b"B")];
        let over = SessionEnded { last_seen_at: times(4).at, terminate_cause: None };
        changes.session_states = vec![(3, SessionState::Ended(over))];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.limit_sessions(nas).await.unwrap(), []);
        let of_login = limit(nas, LimitSubject::Ppp(b"ana".to_vec()), LimitUntil::Session(3));
        let of_b = limit(nas, LimitSubject::Device(b"B".to_vec()), LimitUntil::Session(4));
        let sticky = limit(nas, LimitSubject::Ppp(b"bob".to_vec()), LimitUntil::Removed);
        for wanted in [&of_login, &of_b, &sticky] {
            store.set_limit(wanted.clone(), act("limit.set")).await.unwrap();
        }
        let known = |no| LimitSession { session_id: Some(0x8170_0000 + no), start: Some(began(no)) };
        let of = |limit: &WantedLimit, until, sessions| LimitSessions { subject: limit.subject.clone(), until, sessions };
        let device = of(&of_b, 4, vec![known(2), known(4)]);
        let login = of(&of_login, 3, vec![known(1), known(2)]);
        assert_eq!(store.limit_sessions(nas).await.unwrap(), [device, login]);
        assert_eq!(store.limit_sessions(NasId(nas.0 + 1)).await.unwrap(), []);
    }
}
