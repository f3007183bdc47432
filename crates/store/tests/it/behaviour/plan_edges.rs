//! Edges that plans set: who is due, and opening their cycles.

use accounting::Octets;
use accounting::changes::Changes;
use accounting::login::{LoginKind, LoginName};
use accounting::time::Micros;
use store::{
    DueEdge, NasId, PassedEdges, Plan, PlanCycle, PlanPatch, Renews, Scope, Store, SubscriberChange,
};
use uuid::Uuid;

use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, first, quiet, resolve, router, shared, subscriber, times};

fn later(seconds: u64) -> Micros {
    times(seconds).at
}

/// Subscribers of a monthly plan, with those names.
async fn on_a_plan(store: &dyn Store, names: &[&str]) -> Vec<Uuid> {
    let home = Plan {
        name: "home".to_owned(),
        price: None,
        validity: None,
        devices: 1,
        rate_up_bps: None,
        rate_down_bps: None,
        quota_octets: None,
        cycle: PlanCycle::DayOfMonth(1),
        sets_speed: false,
    };
    store.insert_plan(home, act("plan.add")).await.unwrap();
    let mut ids = Vec::new();
    for name in names {
        let mut one = subscriber(name, Scope::All);
        one.plan = Some("home".to_owned());
        ids.push(one.id);
        store.insert_subscriber(one, act("subscriber.add")).await.unwrap();
    }
    ids
}

fn worked_out(due: DueEdge, next: Micros) -> PassedEdges {
    PassedEdges { due, opened: Vec::new(), next: Some(next) }
}

/// Everybody's next edge is so many seconds after the begin.
async fn let_edges_be(store: &dyn Store, seconds: u64) {
    let due = store.due_edges(later(0), 100).await.unwrap();
    let passed = due.into_iter().map(|due| worked_out(due, later(seconds))).collect();
    store.pass_edges(passed, vec![], Micros(i64::MAX)).await.unwrap();
}

async fn pass_all(store: &dyn Store, seconds: u64, fresh: Vec<(NasId, Micros)>) -> u64 {
    let due = store.due_edges(later(seconds), 100).await.unwrap();
    let opened = |due: DueEdge| PassedEdges { opened: vec![due.at], next: None, due };
    store.pass_edges(due.into_iter().map(opened).collect(), fresh, Micros(i64::MAX)).await.unwrap()
}

on_every_store! {
    async fn who_is_due_is_found_in_order_and_in_batches(store) {
        let ids = on_a_plan(&*store, &["ana", "bob", "eva"]).await;
        let due = store.due_edges(later(0), 100).await.unwrap();
        assert!(due.iter().all(|due| !due.known && due.at == BEGIN && due.cycle == PlanCycle::DayOfMonth(1)));
        for (id, seconds) in ids.iter().zip([30, 10, 20]) {
            let one = due.iter().find(|due| due.subscriber == *id).unwrap().clone();
            store.pass_edges(vec![worked_out(one, later(seconds))], vec![], Micros(i64::MAX)).await.unwrap();
        }
        assert_eq!(store.due_edges(later(9), 100).await.unwrap(), []);
        let found = store.due_edges(later(20), 100).await.unwrap();
        assert_eq!(found.iter().map(|due| due.subscriber).collect::<Vec<_>>(), [ids[1], ids[2]]);
        assert_eq!(store.due_edges(later(99), 1).await.unwrap()[0].subscriber, ids[1]);
        let ana = store.find_subscriber("ana").await.unwrap().unwrap();
        assert_eq!(ana.next_cycle_at, Some(later(30)));
    }

    async fn who_was_changed_meanwhile_is_left_out_and_found_again(store) {
        let ids = on_a_plan(&*store, &["ana", "bob", "eva"]).await;
        let_edges_be(&*store, 10).await;
        let due = store.due_edges(later(11), 100).await.unwrap();
        let renewed = SubscriberChange { renews: Renews::Always, ..SubscriberChange::default() };
        let at = |action| store::NewAudit { at: later(11), ..act(action) };
        store.change_subscriber(ids[0], renewed, at("a"), at("b")).await.unwrap();
        let opened: Vec<_> =
            due.into_iter().map(|due| PassedEdges { opened: vec![due.at], next: None, due }).collect();
        assert_eq!(store.pass_edges(opened.clone(), vec![], Micros(i64::MAX)).await.unwrap(), 2);
        assert_eq!(store.pass_edges(opened, vec![], Micros(i64::MAX)).await.unwrap(), 0, "once");
        let seq_no = async |id| store.subscriber_cycles(id, None, 9).await.unwrap()[0].seq_no;
        assert_eq!((seq_no(ids[0]).await, seq_no(ids[1]).await, seq_no(ids[2]).await), (2, 2, 2));
        let again = store.due_edges(later(11), 100).await.unwrap();
        assert_eq!((again.len(), again[0].subscriber, again[0].known), (1, ids[0], false));
    }

    async fn a_reading_after_the_edge_leaves_nothing_to_settle(store) {
        let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let ids = on_a_plan(&*store, &["ana"]).await;
        let (version, login) = resolve(&*store, nas, b"ana").await;
        store.commit(nas, 1, version, shared(first(login.id, login.cycle, Octets::new(10, 10)))).await.unwrap();
        let unsettled = async || store.subscriber_cycles(ids[0], None, 2).await.unwrap()[1].unsettled;
        let_edges_be(&*store, 10).await;
        assert_eq!(store.due_edges(later(10), 1).await.unwrap()[0].routers, [nas]);
        assert_eq!(pass_all(&*store, 12, vec![(nas, later(11))]).await, 1);
        assert_eq!(unsettled().await, 0);
        store.update_plan("home", PlanPatch { cycle: Some(PlanCycle::EveryDays(1)), ..PlanPatch::default() }, act("p")).await.unwrap();
        let_edges_be(&*store, 20).await;
        assert_eq!(pass_all(&*store, 22, vec![(nas, later(19))]).await, 1, "it was read before the edge");
        assert_eq!(unsettled().await, 1);
        let edges = store.resolve_logins(nas, &[LoginName::new(LoginKind::Ppp, *b"ana")]).await.unwrap().edges;
        assert_eq!((edges.len(), edges[0].at), (1, later(20)));
    }

    // A last reading of later than now was read by a clock that was set back since: nobody knows whether it came after.
    async fn a_reading_of_later_than_now_settles_no_edge(store) {
        let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        on_a_plan(&*store, &["ana", "bob"]).await;
        let (version, login) = resolve(&*store, nas, b"eva").await;
        store.commit(nas, 1, version, shared(first(login.id, login.cycle, Octets::ZERO))).await.unwrap();
        let read_at = store.nas_by_id(nas).await.unwrap().unwrap().last_at.unwrap();
        let due = store.due_edges(later(0), 100).await.unwrap();
        for (due, (now, unsettled)) in due.into_iter().zip([(read_at, 0), (Micros(read_at.0 - 1), 1)]) {
            let id = due.subscriber;
            let passed = PassedEdges { opened: vec![Micros(read_at.0 - 10)], next: None, due };
            store.pass_edges(vec![passed], vec![], now).await.unwrap();
            assert_eq!(store.subscriber_cycles(id, None, 2).await.unwrap()[1].unsettled, unsettled);
        }
    }

    // Each may hide a session that began after its last reading, also of a login that never was on it.
    async fn after_a_long_silence_everywhere_every_router_must_settle_every_cycle(store) {
        let ids = on_a_plan(&*store, &["ana", "bob"]).await;
        let mut towers = Vec::new();
        for no in 0..20 {
            let nas = store.insert_nas(router(&format!("tower{no:02}")), act("router.add")).await.unwrap();
            let (version, login) = resolve(&*store, nas, if no == 7 { b"ana" } else { b"eva" }).await;
            store.commit(nas, 1, version, shared(first(login.id, login.cycle, Octets::ZERO))).await.unwrap();
            towers.push(nas);
        }
        let_edges_be(&*store, 100_000).await;
        assert_eq!(pass_all(&*store, 200_000, vec![]).await, 2);
        let unsettled = async |id| store.subscriber_cycles(id, None, 2).await.unwrap()[1].unsettled;
        assert_eq!((unsettled(ids[0]).await, unsettled(ids[1]).await), (20, 20));
        let names = ["ana", "bob"].map(|name| LoginName::new(LoginKind::Ppp, name.as_bytes()));
        let resolved = store.resolve_logins(towers[7], &names).await.unwrap();
        assert_eq!(resolved.edges.len(), 2, "ana's is one, though her session is shown and another may hide");
        assert_eq!(store.resolve_logins(towers[3], &names[1..]).await.unwrap().edges.len(), 1, "those of the names only");
        let settled = Changes { settled_edges: resolved.edges, ..quiet(2, 200_001) };
        store.commit(towers[7], 1, resolved.version, shared(settled)).await.unwrap();
        assert_eq!((unsettled(ids[0]).await, unsettled(ids[1]).await), (19, 19));
        for tower in &towers[8..15] {
            store.remove_nas(*tower, act("router.remove")).await.unwrap();
        }
        assert_eq!((unsettled(ids[0]).await, unsettled(ids[1]).await), (12, 12), "a removed one hides nothing");
        let version = store.bindings_version().await.unwrap();
        for (nas, left) in towers[..7].iter().chain(&towers[15..]).zip((0..12).rev()) {
            store.commit(*nas, 1, version, shared(quiet(2, 200_001))).await.unwrap();
            assert_eq!((unsettled(ids[0]).await, unsettled(ids[1]).await), (left, left));
        }
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    // A counter that is missing from the reading may straddle the edge still.
    async fn what_the_first_reading_did_not_settle_waits_on(store) {
        let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let ids = on_a_plan(&*store, &["ana"]).await;
        let (version, login) = resolve(&*store, nas, b"eva").await;
        store.commit(nas, 1, version, shared(first(login.id, login.cycle, Octets::ZERO))).await.unwrap();
        let_edges_be(&*store, 10).await;
        assert_eq!(pass_all(&*store, 12, vec![]).await, 1);
        let names = [LoginName::new(LoginKind::Ppp, *b"ana")];
        let resolved = store.resolve_logins(nas, &names).await.unwrap();
        let ana = resolved.logins[0];
        let mut shown = quiet(2, 20);
        shown.new_sessions = first(ana.id, ana.cycle, Octets::ZERO).new_sessions;
        shown.new_sessions[0].no = 2;
        store.commit(nas, 1, resolved.version, shared(shown)).await.unwrap();
        let unsettled = async || store.subscriber_cycles(ids[0], None, 2).await.unwrap()[1].unsettled;
        assert_eq!(unsettled().await, 1, "it is shown and was not settled");
        assert_eq!(store.resolve_logins(nas, &names).await.unwrap().edges, resolved.edges);
        let settled = Changes { settled_edges: resolved.edges, ..quiet(3, 30) };
        store.commit(nas, 1, resolved.version, shared(settled)).await.unwrap();
        assert_eq!(unsettled().await, 0);
    }
}
