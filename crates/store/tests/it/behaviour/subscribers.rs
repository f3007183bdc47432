//! Subscribers, their logins and cycles, and plans.

use accounting::Octets;
use accounting::login::{LoginKind, LoginName};
use store::{CommitError, Named, NasPatch, NewSubscriber, Plan, Scope, StoreError};

use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, first, quiet, resolve, router, session, shared, subscriber, tower};

on_every_store! {
    async fn a_subscriber_has_a_login_and_an_open_cycle(store) {
        let new = subscriber("ana", Scope::All);
        store.insert_subscriber(new.clone(), act("subscriber.add")).await.unwrap();
        let found = store.find_subscriber("ana").await.unwrap().unwrap();
        assert_eq!((found.id, found.logins[0].name.as_slice()), (new.id, &b"ana"[..]));
        assert_eq!((found.logins[0].scope.clone(), found.logins[0].from), (Scope::All, BEGIN));
        let cycle = found.cycle.unwrap();
        assert_eq!((cycle.seq_no, cycle.opened_at, cycle.closed_at, cycle.octets), (1, BEGIN, None, Octets::ZERO));
        assert_eq!(store.find_subscriber(&new.id.to_string()).await.unwrap(), Some(found));
        assert_eq!(store.find_subscriber("Ana").await.unwrap(), None);
        assert_eq!(store.subscriber_cycles(new.id, None, 10).await.unwrap(), vec![cycle]);
        assert_eq!(store.count_subscribers().await.unwrap(), 1);
    }

    async fn the_narrowest_binding_wins(store) {
        let (tower, version, own) = tower(&*store).await;
        let hill = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
        assert_eq!(own.cycle, None);
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let (bound_version, everywhere) = resolve(&*store, tower, b"ana").await;
        assert!(bound_version > version);
        assert_eq!(resolve(&*store, hill, b"ana").await.1, everywhere);
        let here = NewSubscriber { login: b"ana".to_vec(), ..subscriber("ana2", Scope::Router("tower".to_owned())) };
        store.insert_subscriber(here, act("subscriber.add")).await.unwrap();
        let narrow = resolve(&*store, tower, b"ana").await.1;
        assert_eq!(narrow.id, own.id, "the router's own row is the one that is bound");
        assert_ne!(narrow.cycle, everywhere.cycle);
        assert_eq!(resolve(&*store, hill, b"ana").await.1, everywhere);
        let group = NasPatch { group: Some(Some("north".to_owned())), ..NasPatch::default() };
        store.update_nas(hill, group, act("router.edit")).await.unwrap();
        let north = NewSubscriber { login: b"ana".to_vec(), ..subscriber("ana3", Scope::Group("north".to_owned())) };
        store.insert_subscriber(north, act("subscriber.add")).await.unwrap();
        let grouped = resolve(&*store, hill, b"ana").await.1;
        assert_ne!(grouped, everywhere);
        assert_eq!(resolve(&*store, tower, b"ana").await.1, narrow);
    }

    async fn a_binding_ends_and_begins_and_each_time_the_version_moves(store) {
        let (nas, _, own) = tower(&*store).await;
        let ana = subscriber("ana", Scope::All);
        store.insert_subscriber(ana.clone(), act("subscriber.add")).await.unwrap();
        let login = LoginName::new(LoginKind::Ppp, *b"ana");
        let (bound, everywhere) = resolve(&*store, nas, b"ana").await;
        store.unbind_login(ana.id, login.clone(), Scope::All, act("subscriber.unbind")).await.unwrap();
        let (unbound, nobody) = resolve(&*store, nas, b"ana").await;
        assert!(unbound > bound);
        assert_eq!((nobody.id, nobody.cycle), (own.id, None));
        store.bind_login(ana.id, login.clone(), Scope::All, act("subscriber.bind")).await.unwrap();
        let (again, same) = resolve(&*store, nas, b"ana").await;
        assert!(again > unbound);
        assert_eq!(same, everywhere);
        let twice = store.bind_login(ana.id, login.clone(), Scope::All, act("subscriber.bind")).await;
        assert!(matches!(twice, Err(StoreError::Constraint(_))), "{twice:?}");
        let elsewhere = Scope::Router("tower".to_owned());
        let not_theirs = store.unbind_login(ana.id, login, elsewhere, act("subscriber.unbind")).await;
        assert_eq!(not_theirs, Err(StoreError::NoSuch(Named::Login)));
    }

    async fn binding_a_login_fences_rounds_under_the_old_binding(store) {
        let (nas, version, own) = tower(&*store).await;
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let changes = shared(first(own.id, None, Octets::new(1, 1)));
        assert_eq!(store.commit(nas, 1, version, changes).await, Err(CommitError::BindingsChanged));
    }

    async fn what_counts_into_a_cycle_is_its_total(store) {
        let (nas, ..) = tower(&*store).await;
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let (version, login) = resolve(&*store, nas, b"ana").await;
        store.commit(nas, 1, version, shared(first(login.id, login.cycle, Octets::new(3, 4)))).await.unwrap();
        let mut more = quiet(2, 10);
        more.cycle_octets = vec![(login.cycle.unwrap(), Octets::new(10, 10))];
        more.new_sessions = vec![session(2, login.id)];
        store.commit(nas, 1, version, shared(more)).await.unwrap();
        let found = store.find_subscriber("ana").await.unwrap().unwrap();
        assert_eq!((found.cycle.unwrap().octets, found.sessions_open), (Octets::new(13, 14), 2));
    }

    async fn taken_names_and_logins_are_refused_whole(store) {
        store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let username = subscriber("ana", Scope::Router("tower".to_owned()));
        let login = NewSubscriber { login: b"ana".to_vec(), ..subscriber("other", Scope::All) };
        for taken in [username, login] {
            let refused = store.insert_subscriber(taken, act("subscriber.add")).await.unwrap_err();
            assert!(matches!(refused, StoreError::Constraint(_)), "{refused}");
        }
        let nowhere = subscriber("bob", Scope::Router("nowhere".to_owned()));
        let planless = NewSubscriber { plan: Some("gold".to_owned()), ..subscriber("bob", Scope::All) };
        let named = [Named::Router("nowhere".to_owned()), Named::Plan("gold".to_owned())];
        for (unknown, named) in [nowhere, planless].into_iter().zip(named) {
            let refused = store.insert_subscriber(unknown, act("subscriber.add")).await;
            assert_eq!(refused, Err(StoreError::NoSuch(named)));
        }
        assert_eq!(store.count_subscribers().await.unwrap(), 1);
    }

    async fn a_list_goes_on_after_its_cursor(store) {
        for name in ["cid", "Ana", "bob", "ana"] {
            store.insert_subscriber(subscriber(name, Scope::All), act("subscriber.add")).await.unwrap();
        }
        let first = store.list_subscribers(None, 3).await.unwrap();
        let names: Vec<_> = first.iter().map(|one| one.username.as_str()).collect();
        assert_eq!(names, ["Ana", "ana", "bob"]);
        let rest = store.list_subscribers(Some("bob"), 3).await.unwrap();
        assert_eq!((rest.len(), rest[0].username.as_str()), (1, "cid"));
    }

    async fn plans_come_back_as_they_were_added(store) {
        let plan = Plan {
            name: "gold".to_owned(),
            price: Some("12.50 USD".to_owned()),
            validity: None,
            devices: 2,
            rate_up_bps: Some(5_000_000),
            rate_down_bps: None,
            quota_octets: Some(1 << 40),
            cycle: store::PlanCycle::DayOfMonth(31),
            sets_speed: true,
        };
        store.insert_plan(plan.clone(), act("plan.add")).await.unwrap();
        assert!(matches!(store.insert_plan(plan.clone(), act("plan.add")).await, Err(StoreError::Constraint(_))));
        assert_eq!(store.list_plans().await.unwrap(), vec![plan]);
        let on_gold = NewSubscriber { plan: Some("gold".to_owned()), ..subscriber("ana", Scope::All) };
        store.insert_subscriber(on_gold, act("subscriber.add")).await.unwrap();
        assert_eq!(store.find_subscriber("ana").await.unwrap().unwrap().plan.as_deref(), Some("gold"));
    }
}
