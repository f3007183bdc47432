//! A router is limited by one process while another finds that nothing of ours is on it any more: it must not be forgotten.

use postgres::Transaction;
use store::{LimitSubject, LimitUntil, NasId, Postgres, RateLimit, RateLimitRepository, WantedLimit};
use tokio::task::JoinHandle;

use crate::postgres_server::Database;
use crate::rounds::{act, times, tower};

/// As another process' act begins.
const BOOKS: &str = "SELECT pg_advisory_xact_lock(5524301, 0)";
const LIMIT: &str = "
    INSERT INTO tikmeter.rate_limit (nas_id, kind, subject, set_by, set_at) SELECT id, 'ppp', 'bob', 'eva', 0 FROM tikmeter.nas;
    INSERT INTO tikmeter.limited_router (nas_id) SELECT id FROM tikmeter.nas ON CONFLICT DO NOTHING";
const WAITS_FOR_ME: &str = "
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND pg_backend_pid() = ANY(pg_blocking_pids(pid))";

fn limit(nas: NasId) -> WantedLimit {
    let (rate, until) = (RateLimit { up_bps: Some(1_000_000), down_bps: None }, LimitUntil::Removed);
    let subject = LimitSubject::Ppp(b"ana".to_vec());
    WantedLimit { nas, subject, rate, until, set_by: "eva".to_owned(), set_at: times(0).at }
}

/// A router that was limited, and may show a queue of ours yet.
async fn marked(database: &Database) -> (Postgres, NasId) {
    let store = Postgres::open(database.url()).unwrap();
    let (nas, ..) = tower(&store).await;
    store.set_limit(limit(nas), act("limit.set")).await.unwrap();
    store.remove_limit(nas, limit(nas).subject, act("limit.remove")).await.unwrap();
    (store, nas)
}

fn wait_for<T>(its: &mut Transaction<'_>, ours: &JoinHandle<T>) {
    while !ours.is_finished() && its.query(WAITS_FOR_ME, &[]).unwrap().is_empty() {}
}

/// What another process wants is seen by nobody yet when ours finds the router free.
#[tokio::test]
async fn a_router_that_is_being_limited_is_not_free() {
    let database = Database::create();
    let (store, nas) = marked(&database).await;
    let finding = store.clone();
    database.ask(move |other| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut its = other.transaction().unwrap();
        its.batch_execute(BOOKS).unwrap();
        its.batch_execute(LIMIT).unwrap();
        let ours = runtime.spawn(async move { finding.free_of_limits(nas).await });
        wait_for(&mut its, &ours);
        its.commit().unwrap();
        runtime.block_on(ours).unwrap().unwrap();
    });
    assert_eq!(store.limited_routers().await.unwrap(), [nas]);
}
