//! Removing a router ends what it had open and bounds what was not seen of it.

use accounting::Octets;
use accounting::changes::{Glimpse, SessionState};
use accounting::ledger::{LedgerEntry, Reason, Unseen};
use accounting::snapshot::{OwnerSession, Service};
use accounting::time::StartInterval;
use store::{
    CommitError, EntryRow, LedgerSubject, NasId, NasPatch, NewAudit, Scope, SessionPhase, SessionQuery,
    Store, StoreError, UsageQuery,
};

use crate::every_store::on_every_store;
use crate::rounds::{
    act, counter, entry, first, quiet, resolve, session, shared, subscriber, times, tower, unknown,
};

/// A gigabit in both directions.
const OCTETS_PER_SECOND: u64 = 250_000_000;

/// A removal so many seconds after the first round.
fn removal(seconds: u64) -> NewAudit {
    NewAudit { at: times(seconds).at, ..act("router.remove") }
}

/// Session 1 is open, session 2 went missing in the round after 60 seconds, the last round was at 70.
async fn two_sessions(store: &dyn Store) -> (NasId, u64, Option<i64>) {
    let (nas, ..) = tower(store).await;
    store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
    let (version, ana) = resolve(store, nas, b"ana").await;
    let mut changes = first(ana.id, ana.cycle, Octets::new(3, 4));
    changes.new_counters.push(counter(2, 10, Octets::new(7, 8)));
    changes.new_sessions.push(session(2, ana.id));
    changes.session_octets.push((2, Octets::new(7, 8)));
    changes.new_entries.push(LedgerEntry { cycle: ana.cycle, ..entry(2, 2, ana.id, Octets::new(7, 8), 0) });
    changes.cycle_octets = vec![(ana.cycle.unwrap(), Octets::new(10, 12))];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    store.commit(nas, 1, version, shared(quiet(2, 60))).await.unwrap();
    let mut changes = quiet(3, 70);
    changes.session_states = vec![(2, SessionState::Missing)];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    (nas, version, ana.cycle)
}

async fn last_line(store: &dyn Store, nas: NasId, no: u64) -> EntryRow {
    store.entries(LedgerSubject::Session { nas, no }, None, 10).await.unwrap().pop().unwrap()
}

on_every_store! {
    async fn a_removal_ends_open_sessions_and_bounds_what_was_not_seen(store) {
        let (nas, _, cycle) = two_sessions(&*store).await;
        store.remove_nas(nas, removal(100)).await.unwrap();
        let sessions = store.list_sessions(SessionQuery { limit: 10, reach: store::Reach::Everywhere, ..SessionQuery::default() }).await.unwrap();
        assert_eq!(sessions.len(), 2);
        for (no, seen, unseen_s) in [(1, 70, 31), (2, 60, 41)] {
            let found = sessions.iter().find(|session| session.no == no).unwrap();
            assert_eq!((found.phase, found.last_seen_at), (SessionPhase::Ended, Some(times(seen).at)));
            let line = last_line(&*store, nas, no).await;
            let line = line.entry;
            assert_eq!((line.reason, line.posted, line.delta), (Reason::SessionEnd, true, Octets::ZERO));
            assert_eq!((line.counter, line.cycle, line.before), (Some(no), cycle, line.after));
            assert_eq!((line.from, line.to), (times(seen).at, times(100).at));
            // A round's clock is its last row's; the 300 us of its reading begin another second.
            let micros = (unseen_s - 1) * 1_000_000 + 300;
            assert_eq!(line.unseen, Some(Unseen { micros: Some(micros), upper_octets: Some(unseen_s * OCTETS_PER_SECOND) }));
            assert!(line.no > 1 << 39);
        }
        let counters = store.load(nas).await.unwrap().counters;
        assert_eq!(counters, vec![], "no counter is present");
        let gone = store.gone_counters(nas, 1, &unknown(&[9, 10])).await.unwrap();
        assert_eq!(gone.iter().filter(|counter| counter.session.is_none()).count(), 2);
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    // Nobody read a counter of it, and nobody will: that it was there is said, with a bound.
    async fn a_session_that_was_only_glimpsed_has_a_bound_when_its_router_is_removed(store) {
        let (nas, version, ana) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(ana.id, ana.cycle, Octets::new(3, 4)))).await.unwrap();
        let glimpse = |login: &[u8], start| Glimpse {
            counter_name: [b"<pppoe-", login, b">"].concat().into(),
            session: OwnerSession {
                login: login.into(),
                service: Service::Pppoe,
                acct_session_id: Some(0x8170_0009),
                session_time_s: Some(5),
                calling_station_id: b"AA:BB:CC:00:00:02"[..].into(),
                framed_address: b"10.0.0.8"[..].into(),
            },
            start,
        };
        let mut changes = quiet(2, 60);
        let start = StartInterval::of(times(60).uptime, 5);
        changes.nas.glimpses = vec![glimpse(b"ben", Some(start)), glimpse(b"eva", None)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        store.remove_nas(nas, removal(100)).await.unwrap();
        let told = |name: &[u8]| {
            let query = UsageQuery { buckets: i64::MIN..i64::MAX, router: None, username: Some(name.to_vec()), subscriber: None, reach: store::Reach::Everywhere };
            store.usage(query)
        };
        let ben = told(b"ben").await.unwrap().remove(0);
        // From 1054 s of uptime to 1061 s and the second it was in, and 40 s and the round's 300 us.
        assert_eq!(ben.observation.unseen_us, 48_000_300);
        assert_eq!((ben.octets, ben.observation.upper_octets), (Octets::ZERO, Some(49 * OCTETS_PER_SECOND)));
        assert_eq!(told(b"eva").await.unwrap()[0].observation.upper_octets, None);
        let sessions = store.list_sessions(SessionQuery { limit: 10, reach: store::Reach::Everywhere, ..SessionQuery::default() }).await.unwrap();
        assert_eq!(sessions.len(), 3);
        assert!(sessions.iter().all(|session| session.phase == SessionPhase::Ended));
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    async fn a_removal_without_link_speed_or_with_a_clock_set_back_is_unbounded(store) {
        let (nas, ..) = two_sessions(&*store).await;
        let unknown = NasPatch { link_speed_bps: Some(None), ..NasPatch::default() };
        store.update_nas(nas, unknown, act("router.edit")).await.unwrap();
        store.remove_nas(nas, removal(65)).await.unwrap();
        let unseen = last_line(&*store, nas, 1).await.entry.unseen;
        assert_eq!(unseen, Some(Unseen { micros: None, upper_octets: None }));
        let line = last_line(&*store, nas, 2).await.entry;
        assert_eq!(line.unseen, Some(Unseen { micros: Some(5_000_300), upper_octets: None }));
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    async fn a_late_snapshot_of_a_removed_router_is_not_written(store) {
        let (nas, version, _) = two_sessions(&*store).await;
        store.remove_nas(nas, removal(100)).await.unwrap();
        let late = store.commit(nas, 1, version, shared(quiet(4, 80))).await;
        assert!(matches!(late, Err(CommitError::RolledBack(StoreError::NotFound(_)))), "{late:?}");
    }
}
