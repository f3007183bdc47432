//! The answer to a commit is lost, after the server made it or before it heard of it (DESIGN rule 3).

use accounting::Octets;
use store::{AccountingRepository, CommitError, Postgres, VerifyRepository};

use crate::cable::{Cable, Next};
use crate::postgres_server::Database;
use crate::rounds::{first, quiet, shared, tower};

async fn doubtful(breaks: Next) -> (Postgres, store::NasId, u64, i64, Database) {
    let database = Database::create();
    let cable = Cable::lay(database.url());
    let store = Postgres::open(cable.url()).unwrap();
    let (nas, version, ana) = tower(&store).await;
    cable.next_commit(breaks);
    let commit = store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(10, 20)))).await;
    assert!(cable.carries() && matches!(commit, Err(CommitError::Doubtful(_))), "{commit:?}");
    (store, nas, version, ana.id, database)
}

#[tokio::test]
async fn a_commit_that_was_made_is_seen_by_who_looks_and_not_made_twice() {
    let (store, nas, version, ana, _database) = doubtful(Next::BreaksAfter).await;
    let loaded = store.load(nas).await.unwrap();
    assert_eq!((loaded.record.poll_seq, loaded.counters.len()), (1, 1));
    let again = store.commit(nas, 1, version, shared(first(ana, None, Octets::new(10, 20)))).await;
    assert_eq!(again, Err(CommitError::Fenced));
    store.commit(nas, 1, version, shared(quiet(2, 10))).await.unwrap();
    let report = store.verify().await.unwrap();
    assert!(report.is_clean() && report.entries_checked == 1, "{report:?}");
}

#[tokio::test]
async fn a_commit_that_was_not_made_is_made_when_it_is_tried_again() {
    let (store, nas, version, ana, _database) = doubtful(Next::BreaksBefore).await;
    let loaded = store.load(nas).await.unwrap();
    assert_eq!((loaded.record.poll_seq, loaded.counters.len()), (0, 0));
    store.commit(nas, 1, version, shared(first(ana, None, Octets::new(10, 20)))).await.unwrap();
    let report = store.verify().await.unwrap();
    assert!(report.is_clean() && report.entries_checked == 1, "{report:?}");
}
