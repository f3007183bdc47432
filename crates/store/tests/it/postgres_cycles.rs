//! A cycle closes while rounds are written: by a renewal of another process, in the middle of a round's transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use accounting::Octets;
use accounting::changes::Changes;
use accounting::ledger::{LedgerEntry, Reason};
use accounting::login::LoginRef;
use postgres::Transaction;
use store::{
    AccountingRepository, CommitError, NasId, NasRepository, NewSubscriber, Postgres, PostgresOptions,
    RenewalRepository, Renews, Scope, StoreError, SubscriberChange, SubscriberRepository, VerifyRepository,
};
use tokio::task::JoinHandle;

use crate::postgres_server::Database;
use crate::rounds::{act, entry, first, quiet, resolve, router, shared, subscriber};

/// As a person's act begins, and as a round does.
const BOOKS: &str = "SELECT pg_advisory_xact_lock(5524301, 0)";
const ROUNDS: &str = "SELECT pg_advisory_xact_lock_shared(5524301, 0)";
/// What a renewal of the only subscriber comes to.
const RENEW: &str = "
    UPDATE tikmeter.cycle SET closed_at = 1;
    INSERT INTO tikmeter.cycle (subscriber_id, seq_no, opened_at) SELECT id, 2, 1 FROM tikmeter.subscriber;
    UPDATE tikmeter.meta SET bindings_version = bindings_version + 1";
/// Rounds of each router, and renewals while the first half of them is written.
const MANY: u64 = 40;
const RENEWALS: u64 = 20;

fn open(database: &Database, name: &str) -> Postgres {
    let options = PostgresOptions { node: name.to_owned(), ..PostgresOptions::default() };
    Postgres::open_as(database.url(), &options).unwrap()
}

/// Ana, and a router that showed her with 10/20 octets.
async fn ana(store: &Postgres) -> (NewSubscriber, NasId) {
    let ana = subscriber("ana", Scope::All);
    store.insert_subscriber(ana.clone(), act("subscriber.add")).await.unwrap();
    let nas = shown_on(store, "tower").await;
    (ana, nas)
}

async fn shown_on(store: &Postgres, name: &str) -> NasId {
    let nas = store.insert_nas(router(name), act("router.add")).await.unwrap();
    let (version, login) = resolve(store, nas, b"ana").await;
    let begin = first(login.id, login.cycle, Octets::new(10, 20));
    store.commit(nas, 1, version, shared(begin)).await.unwrap();
    nas
}

/// One octet more up and down.
fn grew(login: LoginRef, seq: u64) -> Changes {
    let (delta, before) = (Octets::new(1, 1), Octets::new(8 + seq, 18 + seq));
    let mut changes = quiet(seq, seq * 10);
    let line = entry(seq, 1, login.id, delta, seq * 10);
    let after = before + delta;
    changes.new_entries =
        vec![LedgerEntry { cycle: login.cycle, reason: Reason::Grew, before, after, ..line }];
    changes.counter_octets = vec![(1, after)];
    changes.session_octets = vec![(1, delta)];
    changes.cycle_octets = vec![(login.cycle.unwrap(), delta)];
    changes
}

async fn renew(store: &Postgres, ana: &NewSubscriber, fresh: Vec<NasId>) -> Result<(), StoreError> {
    let change = SubscriberChange { renews: Renews::Always, fresh, ..SubscriberChange::default() };
    let (edit, renew) = (act("subscriber.edit"), act("subscriber.renew"));
    store.change_subscriber(ana.id, change, edit, renew).await.map(drop)
}

/// By number, the last one first.
async fn octets(store: &Postgres) -> Vec<Octets> {
    let ana = store.find_subscriber("ana").await.unwrap().unwrap();
    let cycles = store.subscriber_cycles(ana.id, None, 1_000).await.unwrap();
    cycles.iter().map(|cycle| cycle.octets).collect()
}

/// Until it waits for its turn, or was done without waiting.
fn wait_for<T>(its: &mut Transaction<'_>, ours: &JoinHandle<T>) {
    let waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    while !ours.is_finished() && its.query(waiting, &[]).unwrap().is_empty() {}
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// What a renewal wrote is seen by nobody yet when the round begins.
#[tokio::test]
async fn a_round_waits_for_a_renewal_and_is_of_before_it_then() {
    let database = Database::create();
    let store = open(&database, "east");
    let (_, nas) = ana(&store).await;
    let (version, login) = resolve(&store, nas, b"ana").await;
    let committing = store.clone();
    let round = database.ask(move |person| {
        let runtime = runtime();
        let mut its = person.transaction().unwrap();
        its.batch_execute(&format!("{BOOKS}; {RENEW}")).unwrap();
        let ours =
            runtime.spawn(async move { committing.commit(nas, 1, version, shared(grew(login, 2))).await });
        wait_for(&mut its, &ours);
        its.commit().unwrap();
        runtime.block_on(ours).unwrap()
    });
    assert_eq!(round, Err(CommitError::BindingsChanged));
    assert_eq!(octets(&store).await, [Octets::ZERO, Octets::new(10, 20)]);
}

/// Another process' round, which has looked at the bindings, writes to a cycle when a renewal begins to close it.
#[tokio::test]
async fn a_renewal_waits_for_a_round_whose_octets_are_of_before_it() {
    let database = Database::create();
    let store = open(&database, "east");
    let (ana, nas) = ana(&store).await;
    let renewing = store.clone();
    let waited = database.ask(move |other| {
        let runtime = runtime();
        let mut its = other.transaction().unwrap();
        its.batch_execute(ROUNDS).unwrap();
        let ours = runtime.spawn(async move { renew(&renewing, &ana, vec![nas]).await });
        wait_for(&mut its, &ours);
        let waited = !ours.is_finished();
        let open = "SELECT count(*) FROM tikmeter.cycle WHERE closed_at IS NULL AND seq_no = 1";
        assert_eq!(its.query_one(open, &[]).unwrap().get::<_, i64>(0), 1);
        its.batch_execute("UPDATE tikmeter.cycle_total SET input_octets = input_octets + 1").unwrap();
        its.commit().unwrap();
        runtime.block_on(ours).unwrap().unwrap();
        waited
    });
    assert!(waited);
    assert_eq!(octets(&store).await, [Octets::ZERO, Octets::new(11, 20)]);
}

/// Rounds of one router, each in the cycle that is open when it is written.
async fn rounds(store: Postgres, nas: NasId, written: Arc<AtomicU64>) {
    for seq in 2..MANY + 2 {
        loop {
            let (version, login) = resolve(&store, nas, b"ana").await;
            match store.commit(nas, 1, version, shared(grew(login, seq))).await {
                Ok(()) => {
                    written.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                Err(CommitError::BindingsChanged) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn renewals_beside_rounds_of_two_processes_lose_and_double_nothing() {
    let database = Database::create();
    let (east, west, api) = (open(&database, "east"), open(&database, "west"), open(&database, "api"));
    let (ana, tower) = ana(&east).await;
    let hill = shown_on(&west, "hill").await;
    let written = Arc::new(AtomicU64::new(0));
    let both =
        [(east, tower), (west, hill)].map(|(store, nas)| tokio::spawn(rounds(store, nas, written.clone())));
    for renewals in 0..RENEWALS {
        // Each round is refused by as many renewals as come between.
        let behind = || written.load(Ordering::SeqCst) < renewals * MANY / RENEWALS;
        while behind() && both.iter().all(|rounds| !rounds.is_finished()) {
            tokio::task::yield_now().await;
        }
        renew(&api, &ana, vec![tower, hill]).await.unwrap();
    }
    for rounds in both {
        rounds.await.unwrap();
    }
    let cycles = octets(&api).await;
    assert_eq!(cycles.len() as u64, RENEWALS + 1);
    let sum = cycles.iter().fold(Octets::ZERO, |sum, octets| sum + *octets);
    assert_eq!(sum, Octets::new(2 * (10 + MANY), 2 * (20 + MANY)));
    assert_eq!(api.verify().await.unwrap().mismatches, Vec::<String>::new());
}
