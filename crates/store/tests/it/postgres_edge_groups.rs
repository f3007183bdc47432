//! Two processes, each with rounds of several routers in one transaction, whose routers leave the same groups of unread renewals.

use postgres::Client;
use store::{
    AccountingRepository, AuditRepository, CommitError, NasId, NasRepository, Postgres, PostgresOptions,
};

use crate::postgres_server::Database;
use crate::rounds::{act, of_device, quiet, router, shared};

/// Those who wait for whoever asks.
const WAIT_FOR_ME: &str = "
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pg_backend_pid() = ANY(pg_blocking_pids(pid))";
/// Two groups: the first two routers leave the later one first, the others the earlier.
const GROUPS: &str = "
    INSERT INTO tikmeter.edge_group (id, at, shown_in, since) VALUES (1, 1, 0, 0), (2, 1, 0, 0);
    INSERT INTO tikmeter.edge_group_router (group_id, nas_id)
        SELECT CASE WHEN name IN ('b', 'c') THEN 1 ELSE 2 END, id FROM tikmeter.nas";

fn open(database: &Database, name: &str) -> Postgres {
    let options = PostgresOptions { node: name.to_owned(), ..PostgresOptions::default() };
    Postgres::open_as(database.url(), &options).unwrap()
}

async fn commit(store: &Postgres, nas: NasId, seq: u64) -> Result<(), CommitError> {
    let version = store.bindings_version().await.unwrap();
    let round = of_device(quiet(seq, seq * 10), &format!("SERIAL{nas}"));
    store.commit(nas, 1, version, shared(round)).await
}

/// Of both at once, the first one first.
async fn commit_both(store: &Postgres, routers: &[NasId], version: u64) -> [Result<(), CommitError>; 2] {
    let next = |nas: NasId| {
        let round = of_device(quiet(2, 20), &format!("SERIAL{nas}"));
        store.commit(nas, 1, version, shared(round))
    };
    tokio::join!(next(routers[0]), next(routers[1])).into()
}

fn until_two_wait(other: &mut impl postgres::GenericClient) {
    while other.query_one(WAIT_FOR_ME, &[]).unwrap().get::<_, i64>(0) < 2 {}
}

/// Each process stands still between its two routers.
#[tokio::test]
async fn routers_of_two_processes_leave_the_same_groups_and_none_waits_in_a_circle() {
    let database = Database::create();
    let (east, west) = (open(&database, "east"), open(&database, "west"));
    let mut routers = Vec::new();
    for name in ["a", "b", "c", "d"] {
        let nas = east.insert_nas(router(name), act("router.add")).await.unwrap();
        commit(&east, nas, 1).await.unwrap();
        routers.push(nas);
    }
    database.run(GROUPS);
    let version = east.bindings_version().await.unwrap();
    let verdicts = database.ask(move |other| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        other.batch_execute("SELECT pg_advisory_lock(5524301, 0)").unwrap();
        // Behind these, what is to be committed waits together.
        for store in [east.clone(), west.clone()] {
            runtime.spawn(async move { store.append_audit(act("router.test")).await.unwrap() });
        }
        until_two_wait(other);
        let mut commits = Box::pin(async {
            tokio::join!(
                commit_both(&east, &routers[..2], version),
                commit_both(&west, &routers[2..], version)
            )
        });
        let done = runtime.block_on(async {
            tokio::select! { biased; done = &mut commits => Some(done), () = std::future::ready(()) => None }
        });
        assert_eq!(done, None);
        stand_between(other, &[routers[1], routers[3]]);
        runtime.block_on(commits)
    });
    assert_eq!(verdicts, ([Ok(()), Ok(())], [Ok(()), Ok(())]));
    let left = "SELECT (SELECT count(*) FROM tikmeter.edge_group) + (SELECT count(*) FROM tikmeter.edge_group_router)";
    let left = database.ask(move |client| client.query_one(left, &[]).unwrap().get::<_, i64>(0));
    assert_eq!(left, 0, "who was the last to leave a group forgot it");
}

/// Lets them begin, and on once each waits for its second router.
fn stand_between(other: &mut Client, seconds: &[NasId]) {
    let seconds: Vec<i64> = seconds.iter().map(|nas| nas.0).collect();
    let mut its = other.transaction().unwrap();
    its.execute("SELECT 1 FROM tikmeter.nas WHERE id = ANY($1) FOR UPDATE", &[&seconds]).unwrap();
    its.batch_execute("SELECT pg_advisory_unlock(5524301, 0)").unwrap();
    until_two_wait(&mut its);
    its.commit().unwrap();
}
