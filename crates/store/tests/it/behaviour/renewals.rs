//! Renewals: cycles close and open, and routers that were not read settle them later.

use accounting::Octets;
use accounting::edge::Edge;
use accounting::ledger::{LedgerEntry, Reason};
use accounting::login::{LoginKind, LoginName, LoginRef};
use accounting::table::Table;
use accounting::time::Micros;
use store::{
    Changed, Named, NasId, NewAudit, NewSubscriber, Renews, Scope, Store, StoreError, SubscriberChange,
};

use crate::every_store::on_every_store;
use crate::rounds::{act, entry, first, quiet, resolve, shared, subscriber, times, tower};

/// Ana on the tower, with 10/10 octets in her first cycle.
async fn ana(store: &dyn Store) -> (NasId, NewSubscriber, LoginRef) {
    let (nas, ..) = tower(store).await;
    let ana = subscriber("ana", Scope::All);
    store.insert_subscriber(ana.clone(), act("subscriber.add")).await.unwrap();
    let (version, login) = resolve(store, nas, b"ana").await;
    store.commit(nas, 1, version, shared(first(login.id, login.cycle, Octets::new(10, 10)))).await.unwrap();
    (nas, ana, login)
}

fn later(seconds: u64) -> Micros {
    times(seconds).at
}

async fn change(store: &dyn Store, ana: &NewSubscriber, at: Micros, change: SubscriberChange) -> Changed {
    let audit = |action| NewAudit { at, ..act(action) };
    store
        .change_subscriber(ana.id, change, audit("subscriber.edit"), audit("subscriber.renew"))
        .await
        .unwrap()
}

fn always(fresh: Vec<NasId>) -> SubscriberChange {
    SubscriberChange { renews: Renews::Always, fresh, ..SubscriberChange::default() }
}

fn until(expiry: Micros) -> SubscriberChange {
    SubscriberChange { expiry_at: Some(Some(expiry)), ..SubscriberChange::default() }
}

/// A second round, 20 s after the first: 6 octets before the renewal and 14 after it.
fn split(login: LoginRef, edge: Edge) -> accounting::changes::Changes {
    let (before, after) = (Octets::new(6, 6), Octets::new(14, 14));
    let line = |no, delta, from, to, at: Micros, cycle| LedgerEntry {
        bucket: at.bucket(),
        reason: Reason::EdgeUnobserved,
        cycle,
        before: from,
        after: to,
        to: at,
        ..entry(no, 1, login.id, delta, 20)
    };
    let (start, middle, end) = (Octets::new(10, 10), Octets::new(16, 16), Octets::new(30, 30));
    let mut changes = quiet(2, 20);
    changes.new_entries = vec![
        line(2, before, start, middle, edge.at, Some(edge.cycle)),
        line(3, after, middle, end, later(20), login.cycle),
    ];
    changes.counter_octets = vec![(1, end)];
    changes.session_octets = vec![(1, before + after)];
    changes.cycle_octets = vec![(edge.cycle, before), (login.cycle.unwrap(), after)];
    changes.settled_edges = vec![edge];
    changes
}

on_every_store! {
    async fn a_renewal_closes_the_cycle_and_opens_the_next(store) {
        let (nas, ana, login) = ana(&*store).await;
        let changed = change(&*store, &ana, later(10), always(vec![nas])).await;
        assert_eq!(changed, Changed { renewed: true, unread: vec![] });
        let cycles = store.subscriber_cycles(ana.id, None, 10).await.unwrap();
        assert_eq!((cycles[0].seq_no, cycles[0].opened_at, cycles[0].octets), (2, later(10), Octets::ZERO));
        assert_eq!((cycles[1].id, cycles[1].closed_at), (login.cycle.unwrap(), Some(later(10))));
        assert_eq!((cycles[1].octets, cycles[1].unsettled), (Octets::new(10, 10), 0));
        assert_eq!(store.subscriber_cycles(ana.id, Some(2), 10).await.unwrap(), cycles[1..]);
        assert_eq!(resolve(&*store, nas, b"ana").await.1.cycle, Some(cycles[0].id));
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    async fn a_router_that_was_not_read_settles_the_cycle_with_its_next_reading(store) {
        let (nas, ana, old) = ana(&*store).await;
        let changed = change(&*store, &ana, later(6), always(vec![])).await;
        assert_eq!(changed.unread, ["tower"]);
        let resolved = store.resolve_logins(nas, &[LoginName::new(LoginKind::Ppp, *b"ana")]).await.unwrap();
        let edge = Edge { login: old.id, cycle: old.cycle.unwrap(), at: later(6), table: Table::Interface, since: resolved.version };
        assert_eq!(resolved.edges, [edge]);
        assert_eq!(store.subscriber_cycles(ana.id, None, 10).await.unwrap()[1].unsettled, 1);
        store.commit(nas, 1, resolved.version, shared(split(resolved.logins[0], edge))).await.unwrap();
        let cycles = store.subscriber_cycles(ana.id, None, 10).await.unwrap();
        assert_eq!((cycles[0].octets, cycles[1].octets), (Octets::new(14, 14), Octets::new(16, 16)));
        assert_eq!(cycles[1].unsettled, 0);
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
        assert_eq!(resolve(&*store, nas, b"ana").await.0, resolved.version, "no login means another cycle");
    }

    async fn nothing_is_added_to_a_cycle_that_is_final(store) {
        let (nas, ana, old) = ana(&*store).await;
        change(&*store, &ana, later(6), always(vec![nas])).await;
        let (version, _) = resolve(&*store, nas, b"ana").await;
        let mut late = quiet(2, 20);
        late.cycle_octets = vec![(old.cycle.unwrap(), Octets::new(1, 1))];
        let refused = store.commit(nas, 1, version, shared(late)).await.unwrap_err();
        assert!(refused.to_string().contains("nothing was written"), "{refused}");
    }

    async fn a_round_of_before_the_renewal_is_resolved_again(store) {
        let (nas, ana, _) = ana(&*store).await;
        let version = store.bindings_version().await.unwrap();
        change(&*store, &ana, later(6), always(vec![nas])).await;
        let refused = store.commit(nas, 1, version, shared(quiet(2, 20))).await;
        assert_eq!(refused, Err(store::CommitError::BindingsChanged));
    }

    async fn a_date_renews_once_and_a_correction_never(store) {
        let (nas, ana, _) = ana(&*store).await;
        let now = later(10);
        let renewed = async |expiry| change(&*store, &ana, now, SubscriberChange { fresh: vec![nas], ..until(expiry) }).await.renewed;
        assert!(!renewed(later(9)).await, "it is past");
        assert!(renewed(later(1_000)).await);
        assert!(!renewed(later(1_000)).await, "the same again");
        assert!(!renewed(later(500)).await, "a correction");
        assert!(renewed(later(900)).await);
        let never = SubscriberChange { renews: Renews::Never, ..until(later(9_000)) };
        assert!(!change(&*store, &ana, now, never).await.renewed);
        let found = store.find_subscriber("ana").await.unwrap().unwrap();
        assert_eq!((found.expiry_at, found.cycle.unwrap().seq_no), (Some(later(9_000)), 3));
    }

    async fn a_removed_router_leaves_nothing_to_settle(store) {
        let (nas, ana, _) = ana(&*store).await;
        change(&*store, &ana, later(6), always(vec![])).await;
        store.remove_nas(nas, act("router.remove")).await.unwrap();
        assert_eq!(store.subscriber_cycles(ana.id, None, 10).await.unwrap()[1].unsettled, 0);
    }

    async fn a_change_that_cannot_be_made_changes_nothing(store) {
        let (nas, ana, _) = ana(&*store).await;
        let before = store.find_subscriber("ana").await.unwrap();
        let planless = SubscriberChange {
            name: Some(Some("Ana".to_owned())),
            plan: Some(Some("gold".to_owned())),
            ..always(vec![nas])
        };
        let refused = store.change_subscriber(ana.id, planless, act("a"), act("b")).await;
        assert_eq!(refused, Err(StoreError::NoSuch(Named::Plan("gold".to_owned()))));
        assert_eq!(store.find_subscriber("ana").await.unwrap(), before);
    }
}
