//! Held lines wait for a decision, which is made once.

use accounting::Octets;
use accounting::ledger::{LedgerEntry, Reason, Unseen};
use accounting::time::Micros;
use store::{
    AuditQuery, CountedIn, EntryKey, HeldAct, LedgerSubject, NasId, NewAudit, NewSubscriber, Renews, Scope,
    Store, StoreError, SubscriberChange, UsageQuery,
};

use crate::every_store::on_every_store;
use crate::rounds::{act, entry, first, quiet, resolve, router, shared, subscriber, times, tower};

const JUMP: Octets = Octets::new(1_000, 2_000);

/// A first round of 5/5 octets, then a jump that is held.
async fn held(store: &dyn Store) -> (NasId, EntryKey) {
    held_jump(store, JUMP).await
}

async fn held_jump(store: &dyn Store, jump: Octets) -> (NasId, EntryKey) {
    let (nas, version, ana) = tower(store).await;
    store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(5, 5)))).await.unwrap();
    let mut changes = quiet(2, 10);
    let (before, after) = (Octets::new(5, 5), JUMP + Octets::new(5, 5));
    let unseen = Some(Unseen { micros: Some(10_000_000), upper_octets: Some(700) });
    let whole = entry(2, 1, ana.id, jump, 10);
    let jump = LedgerEntry { reason: Reason::Held, posted: false, before, after, unseen, ..whole };
    let key = EntryKey { bucket: jump.bucket, nas, no: 2 };
    changes.new_entries = vec![jump];
    changes.counter_octets = vec![(1, after)];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    (nas, key)
}

async fn upper_and_total(store: &dyn Store) -> (Option<u64>, Octets) {
    let all = UsageQuery {
        buckets: i64::MIN..i64::MAX,
        router: None,
        username: None,
        subscriber: None,
        reach: store::Reach::Everywhere,
    };
    let rows = store.usage(all).await.unwrap();
    (rows[0].observation.upper_octets, rows[0].octets)
}

fn decision(action: &str) -> NewAudit {
    NewAudit { at: times(5_000).at, actor: "eva".to_owned(), ..act(action) }
}

/// The bound of a cycle, and the reasons of the lines that explain it.
async fn bound_and_reasons(store: &dyn Store, cycle: i64) -> (Option<u64>, Vec<Reason>) {
    let observed = store.cycle_observation(cycle).await.unwrap();
    let lines = store.entries(LedgerSubject::Cycle(cycle), None, 10).await.unwrap();
    (observed.observation.upper_octets, lines.iter().map(|line| line.entry.reason).collect())
}

async fn renew(store: &dyn Store, ana: &NewSubscriber, nas: NasId, seconds: u64) {
    let change = SubscriberChange { renews: Renews::Always, fresh: vec![nas], ..SubscriberChange::default() };
    let audit = |action| NewAudit { at: times(seconds).at, ..act(action) };
    store
        .change_subscriber(ana.id, change, audit("subscriber.edit"), audit("subscriber.renew"))
        .await
        .unwrap();
}

on_every_store! {
    async fn a_held_line_waits_outside_the_totals(store) {
        let (_, key) = held(&*store).await;
        let waiting = store.list_held(None, 10).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].key()), (1, key));
        assert_eq!(store.list_held(Some(key), 10).await.unwrap(), vec![]);
        assert_eq!(upper_and_total(&*store).await, (Some(3_000), Octets::new(5, 5)));
    }

    async fn releasing_posts_into_the_cycle_that_is_open_now(store) {
        let (nas, key) = held(&*store).await;
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let (_, bound) = resolve(&*store, nas, b"ana").await;
        store.decide_held(key, HeldAct::Released, decision("held.release")).await.unwrap();
        assert_eq!(store.list_held(None, 10).await.unwrap(), vec![]);
        assert_eq!(store.find_subscriber("ana").await.unwrap().unwrap().cycle.unwrap().octets, JUMP);
        let session = LedgerSubject::Session { nas, no: 1 };
        assert_eq!(store.explained_total(session.clone()).await.unwrap(), Some(Octets::new(1_005, 2_005)));
        let lines = store.entries(session, None, 10).await.unwrap();
        assert_eq!(lines[1].decision, Some(HeldAct::Released));
        let released = &lines[2].entry;
        assert_eq!((released.reason, released.delta, released.login), (Reason::Released, JUMP, Some(bound.id)));
        assert!(released.no > 1 << 39 && released.to == times(5_000).at);
        assert_eq!(upper_and_total(&*store).await, (Some(0), Octets::new(1_005, 2_005)));
        let report = store.verify().await.unwrap();
        assert_eq!(report.mismatches, Vec::<String>::new());
    }

    async fn a_jump_too_large_for_any_total_is_refused_in_plain_words_and_can_be_rejected(store) {
        let (_, key) = held_jump(&*store, Octets::new(1, i64::MAX.unsigned_abs())).await;
        let refused = store.decide_held(key, HeldAct::Released, decision("held.release")).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Constraint(text) if text.contains("more octets than can be counted")), "{refused}");
        assert_eq!(store.list_held(None, 10).await.unwrap().len(), 1, "it waits on");
        assert_eq!(upper_and_total(&*store).await.1, Octets::new(5, 5));
        store.decide_held(key, HeldAct::Rejected, decision("held.reject")).await.unwrap();
        assert_eq!(store.list_held(None, 10).await.unwrap(), vec![]);
    }

    async fn where_the_counter_was_before_is_known_after_a_restart(store) {
        let (nas, key) = held(&*store).await;
        let loaded = || async { store.load(nas).await.unwrap().counters[0].before_held };
        assert_eq!(loaded().await, Some(Octets::new(5, 5)));
        store.decide_held(key, HeldAct::Rejected, decision("held.reject")).await.unwrap();
        assert_eq!(loaded().await, Some(Octets::new(5, 5)), "whatever was decided");
        let (version, _) = resolve(&*store, nas, b"ana").await;
        let mut changes = quiet(3, 20);
        changes.counter_octets = vec![(1, JUMP + Octets::new(6, 6))];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(loaded().await, None, "a reading has confirmed it");
    }

    async fn rejecting_leaves_the_totals_and_what_the_link_can_have_carried(store) {
        let (_, key) = held(&*store).await;
        store.decide_held(key, HeldAct::Rejected, decision("held.reject")).await.unwrap();
        assert_eq!(upper_and_total(&*store).await, (Some(700), Octets::new(5, 5)));
        assert_eq!(store.list_audit(AuditQuery { limit: 1, reach: store::Reach::Everywhere, ..AuditQuery::default() }).await.unwrap()[0].act.actor, "eva");
    }

    async fn a_decision_is_made_once(store) {
        let (nas, key) = held(&*store).await;
        store.decide_held(key, HeldAct::Released, decision("held.release")).await.unwrap();
        let again = store.decide_held(key, HeldAct::Rejected, decision("held.reject")).await.unwrap_err();
        assert!(matches!(&again, StoreError::Constraint(text) if text.contains("released")), "{again}");
        let posted = EntryKey { no: 1, ..key };
        let missing = EntryKey { nas, bucket: Micros(0).bucket(), no: 2 };
        for key in [posted, missing] {
            let refused = store.decide_held(key, HeldAct::Released, decision("held.release")).await;
            assert!(matches!(refused, Err(StoreError::NotFound(_))), "{refused:?}");
        }
    }

    async fn an_actor_goes_on_after_a_decision(store) {
        let (nas, key) = held(&*store).await;
        store.decide_held(key, HeldAct::Released, decision("held.release")).await.unwrap();
        let version = store.bindings_version().await.unwrap();
        let (_, ana) = resolve(&*store, nas, b"ana").await;
        let mut changes = quiet(3, 20);
        let (before, after) = (Octets::new(1_005, 2_005), Octets::new(1_006, 2_006));
        changes.new_entries = vec![LedgerEntry { before, after, ..entry(3, 1, ana.id, Octets::new(1, 1), 20) }];
        changes.session_octets = vec![(1, Octets::new(1, 1))];
        changes.counter_octets = vec![(1, after)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    async fn a_held_line_is_told_with_the_cycle_it_was_read_in_and_counts_in_the_open_one(store) {
        let ana = subscriber("ana", Scope::All);
        store.insert_subscriber(ana.clone(), act("subscriber.add")).await.unwrap();
        let (nas, key) = held(&*store).await;
        renew(&*store, &ana, nas, 20).await;
        let cycles = store.subscriber_cycles(ana.id, None, 10).await.unwrap();
        let told = async |cycle: usize| bound_and_reasons(&*store, cycles[cycle].id).await;
        assert_eq!((told(1).await, told(0).await), ((Some(3_000), vec![Reason::Held]), (Some(0), vec![])));
        let released = store.decide_held(key, HeldAct::Released, decision("held.release")).await.unwrap();
        assert_eq!(released, Some(CountedIn { subscriber: "ana".to_owned(), seq_no: 2 }));
        assert_eq!(
            (told(1).await, told(0).await),
            ((Some(0), vec![Reason::Held]), (Some(0), vec![Reason::Released]))
        );
    }

    async fn what_waits_of_an_adopted_time_is_told_with_the_cycle_that_adopted_it(store) {
        let (nas, _) = held(&*store).await;
        let (version, login) = resolve(&*store, nas, b"ana").await;
        let mut changes = quiet(3, 20);
        changes.new_entries = vec![entry(3, 1, login.id, Octets::new(1, 1), 20)];
        changes.session_octets = vec![(1, Octets::new(1, 1))];
        changes.counter_octets = vec![(1, JUMP + Octets::new(6, 6))];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let ana = subscriber("ana", Scope::All);
        let later = |action| NewAudit { at: times(30).at, ..act(action) };
        store.insert_and_adopt(ana.clone(), times(0).at, later("subscriber.add")).await.unwrap();
        let cycle = store.find_subscriber("ana").await.unwrap().unwrap().cycle.unwrap().id;
        let told = bound_and_reasons(&*store, cycle).await;
        assert_eq!(told, (Some(3_000), vec![Reason::Held, Reason::Adopted]));
        store.undo_adoption(ana.id, later("subscriber.adopt_undo")).await.unwrap();
        assert_eq!(bound_and_reasons(&*store, cycle).await, (Some(0), vec![]));
        store.adopt(ana.id, times(11).at, later("subscriber.adopt")).await.unwrap();
        assert_eq!(bound_and_reasons(&*store, cycle).await, (Some(0), vec![Reason::Adopted]));
    }

    async fn what_waits_of_a_removed_router_is_found_under_its_name_and_can_be_decided(store) {
        let (nas, key) = held(&*store).await;
        store.remove_nas(nas, act("router.remove")).await.unwrap();
        store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let find = async |no| store.find_held("tower", key.bucket, no).await.unwrap();
        assert_eq!((find(key.no).await.unwrap().key(), find(1).await, find(u64::MAX).await), (key, None, None));
        let decided = store.decide_held(key, HeldAct::Released, decision("held.release")).await.unwrap();
        assert_eq!((decided, store.count_held().await.unwrap().len()), (None, 0));
        assert_eq!(find(key.no).await.unwrap().decision, Some(HeldAct::Released));
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }
}
