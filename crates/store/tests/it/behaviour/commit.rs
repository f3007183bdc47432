//! Snapshots are written whole, once, in order, and come back as they were.

use accounting::Octets;
use accounting::changes::{CounterRecord, CounterSession, CounterState, CoverageStart, SessionSeries, Tail};
use accounting::login::{LoginKind, LoginName};
use accounting::plan::Unknown;
use accounting::table::Table;
use accounting::time::StartInterval;
use store::{CommitError, NasId, StoreError};

use crate::every_store::on_every_store;
use crate::rounds::{act, counter, first, quiet, resolve, router, shared, times, tower, unknown};

on_every_store! {
    async fn a_router_without_snapshots_loads_empty(store) {
        let (nas, ..) = tower(&*store).await;
        let loaded = store.load(nas).await.unwrap();
        assert_eq!((loaded.record, loaded.counters), (Default::default(), vec![]));
        assert_eq!(loaded.link_speed_bps, Some(1_000_000_000));
        assert!(matches!(store.load(NasId(99)).await, Err(StoreError::NotFound(_))));
    }

    async fn what_was_committed_loads_back(store) {
        let (nas, version, login) = tower(&*store).await;
        let mut changes = first(login.id, None, Octets::new(10, 20));
        changes.nas.coverage_start.begin(Table::Interface, CoverageStart { boot: 1, uptime_s: 1_001 });
        changes.nas.session_series = vec![SessionSeries { prefix: 0x817, highest: 3 }];
        changes.nas.unseen_sessions = 2;
        let mut missing = counter(2, u64::MAX, Octets::new(1, 1));
        missing.session = None;
        missing.start = None;
        missing.name = Box::from(*b"<pppoe-\xff\x00>");
        for (no, tail) in [(2, Tail::Open), (3, Tail::Closed(Some(7))), (4, Tail::Closed(None))] {
            let state = CounterState::Missing { last_read: times(0), since: times(5), rounds: 1, tail };
            changes.new_counters.push(CounterRecord { no, state, ..missing.clone() });
        }
        let committed = changes.clone();
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let loaded = store.load(nas).await.unwrap();
        assert_eq!(loaded.record, committed.nas);
        assert_eq!(loaded.counters, committed.new_counters);
        assert_eq!(loaded.session_logins, [(1, login.id)]);
    }

    async fn routers_that_commit_at_once_are_each_answered(store) {
        let mut routers = Vec::new();
        for number in 0..20_u64 {
            let nas = store.insert_nas(router(&format!("tower-{number}")), act("router.add")).await.unwrap();
            routers.push((nas, resolve(&*store, nas, b"ana").await));
        }
        let mut committing = tokio::task::JoinSet::new();
        for (number, (nas, (version, login))) in (0..).zip(routers.clone()) {
            let store = store.clone();
            let mut changes = first(login.id, None, Octets::new(number, 1));
            // Every fifth is not the snapshot that comes next.
            changes.nas.poll_seq += u64::from(number % 5 == 4);
            committing.spawn(async move { (nas, store.commit(nas, 1, version, shared(changes)).await) });
        }
        let answers: std::collections::HashMap<_, _> = committing.join_all().await.into_iter().collect();
        for (number, (nas, _)) in (0..).zip(routers) {
            let loaded = store.load(nas).await.unwrap();
            let octets: Vec<Octets> = loaded.counters.iter().map(|counter| counter.octets).collect();
            let (answer, stored) = match number % 5 {
                4 => (Err(CommitError::Fenced), vec![]),
                _ => (Ok(()), vec![Octets::new(number, 1)]),
            };
            assert_eq!((&answers[&nas], octets), (&answer, stored), "router {number}");
        }
    }

    async fn a_gone_counter_is_found_by_its_handle_only(store) {
        let (nas, version, login) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(login.id, None, Octets::new(1, 1)))).await.unwrap();
        let mut changes = quiet(2, 10);
        let mut gone = counter(1, 9, Octets::new(1, 1));
        gone.state = CounterState::Gone { last_read: times(0) };
        changes.changed_counters = vec![gone.clone()];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.load(nas).await.unwrap().counters, vec![]);
        assert_eq!(store.gone_counters(nas, 1, &unknown(&[9, 10, 9])).await.unwrap(), vec![gone]);
        assert_eq!(store.gone_counters(nas, 2, &unknown(&[9])).await.unwrap(), vec![]);
    }

    async fn a_gone_login_of_the_hotspot_is_found_by_its_device_and_start(store) {
        let (nas, version, _) = tower(&*store).await;
        let mut changes = quiet(1, 0);
        let handle = Table::HotspotActive.handle(9).unwrap();
        let login = |no, name: &[u8], earliest| {
            let mut gone = counter(no, handle, Octets::new(1, 1));
            (gone.name, gone.state) = (name.into(), CounterState::Gone { last_read: times(0) });
            let start = Some(StartInterval { earliest, latest: earliest + 2 });
            gone.session = gone.session.map(|session| CounterSession { start, ..session });
            gone
        };
        changes.new_counters = vec![login(1, b"AA", 100), login(2, b"AA", 200), login(3, b"BB", 100)];
        let all = changes.new_counters.clone();
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let wanted = |earliest| {
            let start = StartInterval { earliest, latest: earliest + 2 };
            Unknown { handles: Vec::new(), logins: vec![(Box::from(*b"AA"), start)] }
        };
        assert_eq!(store.gone_counters(nas, 1, &wanted(105)).await.unwrap(), all[..1]);
        assert_eq!(store.gone_counters(nas, 1, &wanted(195)).await.unwrap(), all[1..2]);
        assert_eq!(store.gone_counters(nas, 1, &wanted(106)).await.unwrap(), vec![]);
        assert_eq!(store.gone_counters(nas, 2, &wanted(105)).await.unwrap(), vec![]);
    }

    async fn counters_of_earlier_boots_are_forgotten(store) {
        let (nas, version, login) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(login.id, None, Octets::new(1, 1)))).await.unwrap();
        let mut changes = quiet(2, 10);
        changes.nas.boot = 2;
        changes.forget_boots_before = Some(2);
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        assert_eq!(store.load(nas).await.unwrap().counters, vec![]);
        assert_eq!(store.gone_counters(nas, 1, &unknown(&[9])).await.unwrap(), vec![]);
    }

    async fn a_snapshot_is_written_once_and_in_order(store) {
        let (nas, version, login) = tower(&*store).await;
        let changes = shared(first(login.id, None, Octets::new(1, 1)));
        assert_eq!(store.commit(nas, 2, version, changes.clone()).await, Err(CommitError::Fenced), "other lease");
        store.commit(nas, 1, version, changes.clone()).await.unwrap();
        assert_eq!(store.commit(nas, 1, version, changes).await, Err(CommitError::Fenced), "twice");
        assert_eq!(store.commit(nas, 1, version, shared(quiet(3, 10))).await, Err(CommitError::Fenced), "gap");
        store.commit(nas, 1, version, shared(quiet(2, 10))).await.unwrap();
    }

    async fn a_commit_under_old_bindings_writes_nothing(store) {
        let (nas, version, login) = tower(&*store).await;
        let changes = shared(first(login.id, None, Octets::new(1, 1)));
        let refused = store.commit(nas, 1, version + 1, changes).await;
        assert_eq!(refused, Err(CommitError::BindingsChanged));
        assert_eq!(store.load(nas).await.unwrap().record.poll_seq, 0);
    }

    async fn one_bad_row_undoes_the_whole_snapshot(store) {
        let (nas, version, login) = tower(&*store).await;
        let rolled_back =
            |result| assert!(matches!(result, Err(CommitError::RolledBack(StoreError::Constraint(_)))));
        let mut unknown_counter = first(login.id, None, Octets::new(1, 1));
        unknown_counter.counter_octets = vec![(55, Octets::ZERO)];
        rolled_back(store.commit(nas, 1, version, shared(unknown_counter)).await);
        let mut unknown_cycle = first(login.id, None, Octets::new(1, 1));
        unknown_cycle.cycle_octets = vec![(55, Octets::ZERO)];
        rolled_back(store.commit(nas, 1, version, shared(unknown_cycle)).await);
        let too_much = first(login.id, None, Octets::new(u64::MAX, 1));
        rolled_back(store.commit(nas, 1, version, shared(too_much)).await);
        let loaded = store.load(nas).await.unwrap();
        assert_eq!((loaded.record.poll_seq, loaded.counters.len()), (0, 0));
        store.commit(nas, 1, version, shared(first(login.id, None, Octets::new(1, 1)))).await.unwrap();
    }

    async fn totals_do_not_wrap(store) {
        let (nas, version, login) = tower(&*store).await;
        let most = i64::MAX.cast_unsigned();
        store.commit(nas, 1, version, shared(first(login.id, None, Octets::new(most, 0)))).await.unwrap();
        let mut over = quiet(2, 10);
        over.session_octets = vec![(1, Octets::new(1, 0))];
        let refused = store.commit(nas, 1, version, shared(over)).await;
        assert!(matches!(refused, Err(CommitError::RolledBack(StoreError::Constraint(_)))), "{refused:?}");
    }

    async fn a_name_resolves_to_one_row_per_router_bytewise(store) {
        let (nas, version, login) = tower(&*store).await;
        let other = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
        let names = [*b"Ana", *b"ana", *b"ana"].map(|name| LoginName::new(LoginKind::Ppp, name));
        let here = store.resolve_logins(nas, &names).await.unwrap();
        assert_eq!((here.version, here.logins[1], here.logins[2]), (version, login, login));
        assert_ne!(here.logins[0], login);
        let there = store.resolve_logins(other, &names).await.unwrap();
        assert_ne!(there.logins[1], login);
    }
}
