//! How fast those are to be who are connected, by their plans.

use accounting::changes::{SessionEnded, SessionState};
use accounting::login::{LoginKind, LoginName};
use store::{NasId, Plan, PlanCycle, PlanPatch, PlanSpeed, RateLimit, Reach, Scope, SpeedsOf, Store};

use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, quiet, resolve, session, shared, subscriber, times, tower};

async fn add_plan(store: &dyn Store, name: &str, down_bps: Option<u64>, sets_speed: bool) {
    let plan = Plan {
        name: name.to_owned(),
        price: None,
        validity: None,
        devices: 1,
        rate_up_bps: None,
        rate_down_bps: down_bps,
        quota_octets: None,
        cycle: PlanCycle::Renewal,
        sets_speed,
    };
    store.insert_plan(plan, act("plan.add")).await.unwrap();
}

fn speed(nas: NasId, login: &[u8], plan: &str, down_bps: u64) -> PlanSpeed {
    PlanSpeed {
        nas,
        login: LoginName::new(LoginKind::Ppp, login),
        caller: b"AA:BB:CC:00:00:01".to_vec(),
        plan: plan.to_owned(),
        rate: RateLimit { up_bps: None, down_bps: Some(down_bps) },
        since: BEGIN,
    }
}

on_every_store! {
    async fn those_who_are_connected_are_as_fast_as_a_plan_says_that_sets_it(store) {
        let (nas, ..) = tower(&*store).await;
        add_plan(&*store, "set", Some(2_000_000), true).await;
        add_plan(&*store, "told", Some(3_000_000), false).await;
        add_plan(&*store, "bare", None, true).await;
        let mut changes = quiet(1, 0);
        for (no, (login, plan)) in (1..).zip([("ana", "set"), ("bob", "told"), ("cid", "bare"), ("dan", "set")]) {
            let mut one = subscriber(login, Scope::All);
            one.plan = Some(plan.to_owned());
            store.insert_subscriber(one, act("subscriber.add")).await.unwrap();
            let (_, bound) = resolve(&*store, nas, login.as_bytes()).await;
            changes.new_sessions.push(session(no, bound.id));
        }
        let mut away = subscriber("eve", Scope::All);
        away.plan = Some("set".to_owned());
        store.insert_subscriber(away, act("subscriber.add")).await.unwrap();
        let (version, _) = resolve(&*store, nas, b"ana").await;
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let (ana, dan) = (speed(nas, b"ana", "set", 2_000_000), speed(nas, b"dan", "set", 2_000_000));
        assert_eq!(store.plan_speeds(None).await.unwrap(), [ana.clone(), dan.clone()]);
        assert_eq!(store.plan_speeds(Some(nas)).await.unwrap(), [ana, dan.clone()]);
        assert_eq!(store.plan_speeds(Some(NasId(nas.0 + 1))).await.unwrap(), []);
        assert_eq!(store.plan_speeds_within(None, Reach::default()).await.unwrap(), [], "it is on no router of theirs");
        let thought = async |of| {
            let rate = RateLimit { up_bps: None, down_bps: Some(7) };
            store.plan_speeds_if(of, ("gold".to_owned(), rate), Reach::Everywhere).await.unwrap()
        };
        let [ana_if, bob_if, dan_if] = [b"ana", b"bob", b"dan"].map(|login| speed(nas, login, "gold", 7));
        assert_eq!(thought(SpeedsOf::Plan("set".to_owned())).await, [ana_if, dan_if]);
        assert_eq!(thought(SpeedsOf::Plan("told".to_owned())).await, std::slice::from_ref(&bob_if), "it sets none now");
        assert_eq!(thought(SpeedsOf::Subscriber("bob".to_owned())).await, [bob_if]);
        assert_eq!(thought(SpeedsOf::Subscriber("eve".to_owned())).await, [], "she is not there");
        let rate = RateLimit { up_bps: None, down_bps: Some(7) };
        let of = SpeedsOf::Plan("set".to_owned());
        assert_eq!(store.plan_speeds_if(of, ("gold".to_owned(), rate), Reach::default()).await.unwrap(), []);

        let faster = PlanPatch { rate_down_bps: Some(Some(9_000_000)), ..PlanPatch::default() };
        assert!(store.update_plan("set", faster, act("plan.edit")).await.unwrap().sets_speed);
        let mut changes = quiet(2, 10);
        let ended = SessionEnded { last_seen_at: times(4).at, terminate_cause: None };
        changes.session_states = vec![(1, SessionState::Ended(ended)), (4, SessionState::Missing)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let faster = PlanSpeed { rate: RateLimit { up_bps: None, down_bps: Some(9_000_000) }, ..dan };
        assert_eq!(store.plan_speeds(None).await.unwrap(), [faster], "one that is missed may be there yet");
        let off = PlanPatch { sets_speed: Some(false), ..PlanPatch::default() };
        store.update_plan("set", off, act("plan.edit")).await.unwrap();
        assert_eq!(store.plan_speeds(None).await.unwrap(), []);
    }

    async fn a_router_may_be_marked_before_anything_is_set_on_it(store) {
        let (nas, ..) = tower(&*store).await;
        for _ in 0..2 {
            store.mark_limited(vec![nas]).await.unwrap();
        }
        assert_eq!(store.limited_routers().await.unwrap(), [nas]);
    }
}
