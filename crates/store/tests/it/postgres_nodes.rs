//! Several processes on one database: who polls what, and who may write (DESIGN rule 3).

use std::time::Duration;

use accounting::Octets;
use store::{
    AccountingRepository, CommitError, InstallationRepository, LeaseRepository, Leases, NasId, NasPatch,
    NasRepository, Node, NodeRole, Postgres, PostgresOptions, StoreError, ToldRatesRepository,
    VerifyRepository,
};

use crate::cable::Cable;
use crate::postgres_server::Database;
use crate::rounds::{act, first, of_device, quiet, resolve, router, shared, tower};

/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(600);
/// Over before anybody can look.
const PASSED: Duration = Duration::ZERO;
/// The lock of who reads and writes anything.
const BOOKS: &str = "SELECT pg_advisory_lock(5524301, 0)";

fn open(database: &Database, name: &str) -> Postgres {
    try_open(database, name).unwrap()
}

fn try_open(database: &Database, name: &str) -> Result<Postgres, StoreError> {
    let options = PostgresOptions { node: name.to_owned(), ..PostgresOptions::default() };
    Postgres::open_as(database.url(), &options)
}

fn collector(name: &str) -> Node {
    Node { run: format!("{name}-1"), ..Node::new(name, NodeRole::Collector) }
}

async fn renew(store: &Postgres, name: &str) -> Leases {
    store.say_alive(collector(name), LONG).await.unwrap();
    store.share_out(collector(name)).await.unwrap()
}

async fn joined(database: &Database, name: &str) -> Postgres {
    let store = open(database, name);
    store.join(collector(name), LONG).await.unwrap();
    store
}

/// It was there for long.
fn steady(database: &Database) {
    database.run("UPDATE tikmeter.node SET alive_since = 0");
}

async fn routers(store: &Postgres, numbers: std::ops::Range<u32>) -> Vec<NasId> {
    let mut made = Vec::new();
    for number in numbers {
        made.push(store.insert_nas(router(&format!("r{number}")), act("router.add")).await.unwrap());
    }
    made
}

#[tokio::test]
async fn of_one_name_there_is_one_writer() {
    let database = Database::create();
    let store = open(&database, "east");
    let told = try_open(&database, "east").err().unwrap().to_string();
    assert!(told.contains("under the name east") && told.contains("tikmeter east"), "{told}");
    let west = open(&database, "west");
    west.insert_nas(router("tower"), act("router.add")).await.unwrap();
    drop(store);
    assert_eq!(open(&database, "east").list_nas().await.unwrap().len(), 1);
}

#[tokio::test]
async fn routers_are_shared_out_evenly_and_stay_where_they_are() {
    let database = Database::create();
    let east = joined(&database, "east").await;
    let all = routers(&east, 0..7).await;
    let alone = renew(&east, "east").await;
    assert_eq!((alone.held.len(), alone.surplus, alone.others, alone.leads), (7, 0, 0, true));
    let west = joined(&database, "west").await;
    let waits = renew(&west, "west").await;
    assert_eq!((waits.held.len(), waits.others, waits.leads), (0, 1, false));
    assert_eq!(renew(&east, "east").await.surplus, 3);
    east.hand_over(collector("east"), all[4..].to_vec()).await.unwrap();
    let took = renew(&west, "west").await;
    assert!(took.held.iter().map(|lease| lease.nas).eq(all[4..].iter().copied()), "{took:?}");
    assert!(took.held.iter().all(|lease| lease.epoch == 3), "{took:?}");
    let stays = renew(&east, "east").await;
    assert_eq!((stays.held.len(), stays.surplus), (4, 0));
    assert!(stays.held.iter().all(|lease| lease.epoch == 2), "{stays:?}");
    let south = joined(&database, "south").await;
    assert_eq!(renew(&south, "south").await.held, []);
    assert_eq!((renew(&east, "east").await.surplus, renew(&west, "west").await.surplus), (1, 1));
    west.leave(collector("west")).await.unwrap();
    assert_eq!(renew(&south, "south").await.held.len(), 3);
    assert_eq!(renew(&east, "east").await.held.len(), 4);
}

#[tokio::test]
async fn a_process_that_only_answers_takes_no_routers_and_one_that_is_not_polled_is_nobodys() {
    let database = Database::create();
    let east = joined(&database, "east").await;
    let all = routers(&east, 0..2).await;
    let api = open(&database, "api");
    let answers = Node { role: NodeRole::Api, ..collector("api") };
    api.join(answers.clone(), LONG).await.unwrap();
    let asked = api.share_out(answers).await.unwrap();
    assert_eq!((asked.held.len(), asked.others, asked.leads), (0, 1, false));
    let held = renew(&east, "east").await;
    assert_eq!((held.held.len(), held.others), (2, 0));
    let off = NasPatch { enabled: Some(false), ..NasPatch::default() };
    api.update_nas(all[0], off, act("router.edit")).await.unwrap();
    let now = renew(&east, "east").await;
    assert!(now.nas_version > held.nas_version && now.held.len() == 1, "{now:?}");
}

#[tokio::test]
async fn who_was_silent_too_long_has_lost_its_routers_and_cannot_write_any_more() {
    let database = Database::create();
    let east = joined(&database, "east").await;
    let (nas, version, ana) = tower(&east).await;
    let epoch = renew(&east, "east").await.held[0].epoch;
    east.commit(nas, epoch, version, shared(first(ana.id, None, Octets::new(10, 20)))).await.unwrap();
    east.say_alive(collector("east"), PASSED).await.unwrap();
    let west = joined(&database, "west").await;
    assert_eq!(renew(&west, "west").await.held, [], "after an outage all but one's own seem silent");
    steady(&database);
    let taken = renew(&west, "west").await;
    assert_eq!((taken.held.len(), taken.held[0].epoch, taken.others), (1, epoch + 1, 0));
    let late = east.commit(nas, epoch, version, shared(quiet(2, 10))).await;
    assert_eq!(late, Err(CommitError::Fenced));
    west.commit(nas, epoch + 1, version, shared(quiet(2, 11))).await.unwrap();
    assert_eq!(renew(&east, "east").await.held, []);
    let report = west.verify().await.unwrap();
    assert!(report.is_clean() && report.entries_checked == 1, "{report:?}");
}

/// It stands still after it looked at the router's row, and goes on when another process has the router.
#[tokio::test]
async fn a_router_is_not_taken_in_the_middle_of_a_commit() {
    let database = Database::create();
    let east = joined(&database, "east").await;
    let (nas, ..) = tower(&east).await;
    east.say_alive(collector("east"), PASSED).await.unwrap();
    let west = joined(&database, "west").await;
    steady(&database);
    database.ask(move |client| {
        let mut commit = client.transaction().unwrap();
        commit.execute("UPDATE tikmeter.nas SET last_at = 1", &[]).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(runtime.block_on(renew(&west, "west")).held, []);
        commit.commit().unwrap();
        let taken = runtime.block_on(renew(&west, "west")).held;
        assert_eq!(taken.iter().map(|lease| lease.nas).collect::<Vec<_>>(), [nas]);
    });
}

#[tokio::test]
async fn an_older_run_of_the_same_name_is_told_so() {
    let database = Database::create();
    let store = joined(&database, "east").await;
    routers(&store, 0..1).await;
    let epoch = renew(&store, "east").await.held[0].epoch;
    let again = Node { run: "east-2".to_owned(), ..collector("east") };
    store.join(again.clone(), LONG).await.unwrap();
    let held = store.share_out(again).await.unwrap().held;
    assert_eq!(held[0].epoch, epoch + 1);
    let older = store.say_alive(collector("east"), LONG).await;
    assert!(
        matches!(&older, Err(StoreError::NotFound(why)) if why.contains("another one started")),
        "{older:?}"
    );
    assert!(
        store.share_out(collector("east")).await.is_err() && store.leave(collector("east")).await.is_err()
    );
}

#[tokio::test]
async fn saying_that_one_is_there_waits_for_nobody_who_writes() {
    let database = Database::create();
    let store = joined(&database, "east").await;
    routers(&store, 0..1).await;
    let held = database.ask(move |person| {
        person.batch_execute(BOOKS).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(renew(&store, "east"))
    });
    assert_eq!(held.held.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rounds_of_two_processes_are_written_beside_each_other_and_what_people_do_is_alone() {
    let database = Database::create();
    let (east, west) = (joined(&database, "east").await, joined(&database, "west").await);
    let all = routers(&east, 0..2).await;
    let held = (renew(&east, "east").await.held, renew(&west, "west").await.held);
    assert_eq!((held.0[0].nas, held.1[0].nas), (all[0], all[1]));
    let busy = |store: Postgres, lease: store::Lease, device: &'static str| async move {
        let (version, ana) = resolve(&store, lease.nas, b"ana").await;
        let begin = shared(of_device(first(ana.id, None, Octets::new(10, 20)), device));
        store.commit(lease.nas, lease.epoch, version, begin).await.unwrap();
        for seq in 2..40 {
            let version = store.bindings_version().await.unwrap();
            let round = shared(of_device(quiet(seq, seq), device));
            store.commit(lease.nas, lease.epoch, version, round).await.unwrap();
        }
    };
    let rounds = tokio::join!(
        tokio::spawn(busy(east.clone(), held.0[0], "ONE")),
        tokio::spawn(busy(west.clone(), held.1[0], "TWO")),
        routers(&west, 10..30)
    );
    (rounds.0.unwrap(), rounds.1.unwrap()).1
}

/// Another process' commit, which nobody can see yet, says that the device is its router's.
#[tokio::test]
async fn a_device_that_two_processes_find_at_once_is_counted_once() {
    let database = Database::create();
    let store = joined(&database, "east").await;
    routers(&store, 0..2).await;
    let lease = renew(&store, "east").await.held[1];
    let version = store.bindings_version().await.unwrap();
    let refused = database.ask(move |other| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut its = other.transaction().unwrap();
        its.execute("SELECT pg_advisory_xact_lock(5524301, 1)", &[]).unwrap();
        its.execute("UPDATE tikmeter.nas SET device = 'SERIAL1' WHERE name = 'r0'", &[]).unwrap();
        let ours = runtime.spawn(async move {
            let round = shared(of_device(quiet(1, 0), "SERIAL1"));
            store.commit(lease.nas, lease.epoch, version, round).await
        });
        let waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
        while !ours.is_finished() && its.query(waiting, &[]).unwrap().is_empty() {}
        its.commit().unwrap();
        runtime.block_on(ours).unwrap()
    });
    let Err(CommitError::RolledBack(StoreError::Constraint(why))) = refused else { panic!("{refused:?}") };
    assert!(why.contains("SERIAL1 is counted as r0"), "{why}");
}

#[tokio::test]
async fn what_pollers_do_is_told_to_other_processes() {
    let database = Database::create();
    let (east, west) = (joined(&database, "east").await, joined(&database, "west").await);
    let nas = routers(&east, 0..1).await[0];
    let (none, since) = west.told_statuses(0).await.unwrap();
    assert_eq!(none, []);
    renew(&east, "east").await;
    east.tell_statuses(collector("east"), vec![(nas, "online".to_owned())]).await.unwrap();
    west.tell_statuses(collector("west"), vec![(nas, "not its own".to_owned())]).await.unwrap();
    let (told, since) = west.told_statuses(since).await.unwrap();
    assert_eq!((told.len(), told[0].node.as_str(), told[0].status.as_str()), (1, "east", "online"));
    assert_eq!(west.told_statuses(since).await.unwrap().0, []);
    let nodes = west.nodes().await.unwrap();
    assert!(nodes.iter().all(|node| node.is_alive && node.role == NodeRole::Collector), "{nodes:?}");
    east.remove_nas(nas, act("router.remove")).await.unwrap();
    assert_eq!(west.told_statuses(0).await.unwrap().0, []);
}

#[tokio::test]
async fn what_readings_say_of_rates_is_told_by_who_polls_the_router() {
    let database = Database::create();
    let (east, west) = (joined(&database, "east").await, joined(&database, "west").await);
    let all = routers(&east, 0..2).await;
    let nas = all[0];
    renew(&east, "east").await;
    east.tell_rates(collector("east"), vec![(nas, "old".to_owned())]).await.unwrap();
    east.tell_rates(collector("east"), vec![(nas, "new".to_owned())]).await.unwrap();
    west.tell_rates(collector("west"), vec![(nas, "not its own".to_owned())]).await.unwrap();
    let told = west.told_rates(None).await.unwrap();
    assert_eq!((told.len(), told[0].nas, told[0].rates.as_str()), (1, nas, "new"));
    database.run("UPDATE tikmeter.nas_rates SET at = at - 60000000");
    let older = west.told_rates(Some(nas)).await.unwrap().remove(0);
    assert!(older.age_us >= told[0].age_us + 60_000_000, "{older:?} after {told:?}");
    assert_eq!(west.told_rates(Some(all[1])).await.unwrap(), []);
    east.remove_nas(nas, act("router.remove")).await.unwrap();
    assert_eq!(west.told_rates(None).await.unwrap(), []);
}

#[tokio::test]
async fn tables_are_not_changed_under_a_program_that_does_not_know_them() {
    let database = Database::create();
    let east = open(&database, "east");
    database
        .run("DELETE FROM tikmeter.migration WHERE number = (SELECT max(number) FROM tikmeter.migration)");
    let told = try_open(&database, "west").err().unwrap().to_string();
    assert!(told.contains("tikmeter east") && told.contains("Stop all of them"), "{told}");
    database.run("INSERT INTO tikmeter.migration (number) VALUES (9999)");
    database.end_all();
    let told = east.installation().await.unwrap_err();
    assert!(matches!(told, StoreError::TooNew { found: 9999, .. }), "{told}");
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped_and_told() {
    let database = Database::create();
    drop(open(&database, "east"));
    let options =
        PostgresOptions { statement_timeout: Duration::from_millis(100), ..PostgresOptions::default() };
    let store = Postgres::open_as(database.url(), &options).unwrap();
    let told = database.ask(move |person| {
        let mut holds = person.transaction().unwrap();
        holds.batch_execute("LOCK TABLE tikmeter.nas").unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(store.insert_nas(router("tower"), act("router.add"))).unwrap_err().to_string()
    });
    assert!(told.contains("database.statement_timeout"), "{told}");
}

#[tokio::test]
async fn a_file_says_nothing_of_routers_that_another_process_file_lists() {
    let database = Database::create();
    let (east, west) = (joined(&database, "east").await, joined(&database, "west").await);
    let [a, b, c] =
        ["a", "b", "c"].map(|name| store::NewNas { origin: store::NasOrigin::File, ..router(name) });
    let sync = async |store: &Postgres, node: &str, names: &[&str]| {
        let listed = |name: &str| [&a, &b, &c].into_iter().find(|new| new.name == name).unwrap().clone();
        let wanted = names.iter().map(|name| listed(name)).collect();
        store.sync_file_nas(wanted, node.to_owned(), act("router.file")).await.unwrap()
    };
    assert_eq!(sync(&east, "east", &["a", "b"]).await.added, ["a", "b"]);
    assert_eq!(
        sync(&west, "west", &["c"]).await,
        store::FileSync { added: vec!["c".to_owned()], ..Default::default() }
    );
    assert_eq!(sync(&west, "west", &["c", "b"]).await, store::FileSync::default());
    assert_eq!(sync(&east, "east", &["a", "b"]).await, store::FileSync::default());
    assert_eq!(sync(&east, "east", &[]).await.vanished, ["a"]);
    assert_eq!(sync(&west, "west", &["b"]).await.vanished, ["c"]);
    assert_eq!(sync(&west, "west", &[]).await.vanished, ["b"]);
}

/// The server has not noticed that the connection of before, which holds the name, is lost.
#[tokio::test]
async fn a_process_that_was_cut_off_has_its_name_again_when_it_gets_through() {
    let database = Database::create();
    let cable = Cable::lay(database.url());
    let options = PostgresOptions { node: "east".to_owned(), ..PostgresOptions::default() };
    let store = Postgres::open_as(cable.url(), &options).unwrap();
    let nas = routers(&store, 0..1).await[0];
    cable.cut();
    assert!(store.remove_nas(nas, act("router.remove")).await.is_err());
    cable.mend();
    store.remove_nas(nas, act("router.remove")).await.unwrap();
}

#[tokio::test]
async fn a_round_waits_for_what_a_person_does_and_a_person_for_rounds_but_no_round_for_another_ones() {
    let database = Database::create();
    let options =
        PostgresOptions { statement_timeout: Duration::from_millis(300), ..PostgresOptions::default() };
    let store = Postgres::open_as(database.url(), &options).unwrap();
    let (nas, version, ana) = tower(&store).await;
    database.ask(move |other| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let person = |store: &Postgres| runtime.block_on(store.insert_nas(router("hill"), act("router.add")));
        other.batch_execute("SELECT pg_advisory_lock_shared(5524301, 0)").unwrap();
        let begin = shared(first(ana.id, None, Octets::new(10, 20)));
        runtime.block_on(store.commit(nas, 1, version, begin)).unwrap();
        assert!(person(&store).unwrap_err().to_string().contains("statement_timeout"));
        other.batch_execute("SELECT pg_advisory_unlock_all()").unwrap();
        other.batch_execute(BOOKS).unwrap();
        let late = runtime.block_on(store.commit(nas, 1, version, shared(quiet(2, 10)))).unwrap_err();
        assert!(late.to_string().contains("statement_timeout"), "{late}");
        other.batch_execute("SELECT pg_advisory_unlock_all()").unwrap();
        person(&store).unwrap();
    });
}

/// The database was away for longer than a term: whoever gets through first is the only one who is heard of.
#[tokio::test]
async fn after_an_outage_nobody_takes_what_others_will_go_on_with() {
    let database = Database::create();
    let east = joined(&database, "east").await;
    routers(&east, 0..2).await;
    assert_eq!(renew(&east, "east").await.held.len(), 2);
    let west = joined(&database, "west").await;
    renew(&west, "west").await;
    steady(&database);
    east.say_alive(collector("east"), PASSED).await.unwrap();
    west.say_alive(collector("west"), PASSED).await.unwrap();
    assert_eq!(renew(&west, "west").await.held, []);
    assert_eq!(renew(&east, "east").await.held.len(), 2);
}
