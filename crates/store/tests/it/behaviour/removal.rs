//! Removing a router ends what it had open and bounds what was not seen of it.

use accounting::Octets;
use accounting::changes::SessionState;
use accounting::ledger::{LedgerEntry, Reason, Unseen};
use store::{
    CommitError, EntryRow, LedgerSubject, NasId, NasPatch, NewAudit, Scope, SessionPhase, SessionQuery,
    Store, StoreError,
};

use crate::every_store::on_every_store;
use crate::rounds::{act, counter, entry, first, quiet, resolve, session, shared, subscriber, times, tower};

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
        let sessions = store.list_sessions(SessionQuery { limit: 10, ..SessionQuery::default() }).await.unwrap();
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
        let gone = store.gone_counters(nas, 1, &[9, 10]).await.unwrap();
        assert_eq!(gone.iter().filter(|counter| counter.session.is_none()).count(), 2);
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
