//! Whoever polls a router, who commands it is answered the same.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use accounting::snapshot::Service;
use accounting::table::Table;
use accounting::time::Micros;
use operations::{
    Became, CAME_BACK_BY, CounterLook, Disconnected, ReadNow, RouterCommandError, RouterCommands,
    SessionTarget,
};
use server::{Performer, RecordedRouters, RemoteRouters, RouterExecutor};
use store::{CommandState, Nas, NasId};

use super::{House, Process};

/// All that a router can say of an interface or a queue.
fn all_looks() -> Vec<CounterLook> {
    let name = || b"q\xff\0".to_vec();
    vec![
        CounterLook::Fit,
        CounterLook::NotThere,
        CounterLook::OfSessions,
        CounterLook::CarriesSessions,
        CounterLook::WithinQueue(name()),
        CounterLook::HoldsQueue(name()),
        CounterLook::SharesTarget(name()),
        CounterLook::OnInterface(name()),
        CounterLook::PassesQueue(name()),
    ]
}

fn session() -> SessionTarget {
    let (login, caller) = (b"jos\xe9".to_vec(), b"AA:BB".to_vec());
    let session_id = Some(0x8110_0001);
    let (service, address) = (Service::Hotspot, Vec::new());
    SessionTarget { no: 7, service, login, caller, address, session_id, hold: true }
}

/// All that can become of a session.
fn all_ends() -> Vec<Result<Disconnected, RouterCommandError>> {
    let by = CAME_BACK_BY.map(|(by, _)| Became::CameBack { after_s: 4, by });
    let others =
        [Became::Planned, Became::Gone { looked_s: 6 }, Became::NotFound, Became::StillThere { looked_s: 6 }];
    let commands = || vec!["/ppp/active/remove =.id=*7".to_owned()];
    let ended = others
        .into_iter()
        .chain(by)
        .map(|became| Ok(Disconnected { became, commands: commands(), also_gone: 2 }));
    ended.chain([Err(RouterCommandError::Busy("somebody is at it".to_owned()))]).collect()
}

fn all_answers() -> Vec<Result<ReadNow, RouterCommandError>> {
    let text = || "why \"it\" is so \u{1b}".to_owned();
    vec![
        Ok(ReadNow { poll_seq: 7, at: Micros(-9) }),
        Err(RouterCommandError::NotPolled),
        Err(RouterCommandError::TimedOut),
        Err(RouterCommandError::Unreachable(text())),
        Err(RouterCommandError::StoreStalled(text())),
        Err(RouterCommandError::Refused(text())),
        Err(RouterCommandError::NotDone(text())),
        Err(RouterCommandError::Unknown(text())),
    ]
}

/// The commands in this process, or in another one for a router that east polls.
pub(super) struct Commanded {
    pub(super) commands: Arc<dyn RouterCommands>,
    _east: Option<Process>,
}

/// In the process east itself.
fn locally(house: &House) -> Commanded {
    Commanded { commands: Arc::new(recorded(house, "east")), _east: None }
}

fn recorded(house: &House, node: &str) -> RecordedRouters {
    let (own, store) = (house.desk.commands.clone(), Arc::clone(&house.desk.store));
    let executor = Arc::new(RouterExecutor::new(own.clone(), Arc::clone(&store)));
    RecordedRouters::new(own, Arc::new(Performer::new(store, node, executor)))
}

pub(super) fn remotely(house: &House) -> Commanded {
    let store = Arc::clone(&house.desk.store);
    let executor = Arc::new(RouterExecutor::new(house.desk.commands.clone(), Arc::clone(&store)));
    let east = house.process("east", executor);
    let remote = RemoteRouters::new(house.desk.commands.clone(), store, house.web(), "web");
    Commanded { commands: Arc::new(remote), _east: Some(east) }
}

pub(super) async fn router(house: &House) -> Nas {
    house.desk.store.list_nas().await.unwrap().remove(0)
}

/// What every [`RouterCommands`] must do, whoever polls the router.
async fn contract(over: fn(&House) -> Commanded) {
    let house = House::new().await;
    let commanded = over(&house);
    let (commands, fake, nas) = (&commanded.commands, &house.desk.commands, router(&house).await);
    for answer in all_answers() {
        *fake.answer.lock().unwrap() = answer.clone();
        assert_eq!(commands.read_now(nas.id).await, answer);
    }
    assert_eq!(*fake.asked.lock().unwrap(), vec![nas.id; all_answers().len()], "each once");
    *fake.answer.lock().unwrap() = Err(RouterCommandError::NotPolled);
    assert_eq!(commands.read_now(NasId(99)).await, Err(RouterCommandError::NotPolled), "of nobody's router");
    let checks = commands.check_up(nas.clone()).await.unwrap();
    assert_eq!((checks.len(), checks[0].told.as_str()), (1, "Port 8728."));
    assert_eq!(commands.look_at_counters(nas.clone(), vec![]).await, Err(RouterCommandError::TimedOut));
    let names: Vec<Vec<u8>> = (0..9).map(|number| vec![0xff, number]).collect();
    let looks: HashMap<_, _> = names.iter().cloned().zip(all_looks()).collect();
    *fake.looks.lock().unwrap() = Some(looks);
    let counters = Table::ALL.into_iter().cycle().zip(names).collect();
    assert_eq!(commands.look_at_counters(nas.clone(), counters).await, Ok(all_looks()));
    for ended in all_ends() {
        for dry_run in [true, false] {
            *fake.ended.lock().unwrap() = ended.clone();
            assert_eq!(commands.disconnect(nas.clone(), session(), dry_run).await, ended);
            assert_eq!(fake.ends.lock().unwrap().pop(), Some(("tower".to_owned(), session(), dry_run)));
        }
    }
    let before = fake.reloads.load(Ordering::SeqCst);
    commands.reload().await;
    assert!(fake.reloads.load(Ordering::SeqCst) > before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_commands_in_this_process() {
    contract(locally).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_commands_to_another_process() {
    contract(remotely).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_registry_is_told_to_every_process_that_polls() {
    let house = House::new().await;
    let commanded = remotely(&house);
    let before = house.desk.commands.reloads.load(Ordering::SeqCst);
    commanded.commands.reload().await;
    let told = house.desk.commands.reloads.load(Ordering::SeqCst) - before;
    assert_eq!(told, 2, "here and in east, whose routers are the same fake");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_router_that_takes_long_does_not_keep_who_asked() {
    let house = House::new().await;
    let commanded = remotely(&house);
    house.desk.commands.mute.store(true, Ordering::SeqCst);
    let begun = tokio::time::Instant::now();
    let nas = router(&house).await.id;
    assert_eq!(commanded.commands.read_now(nas).await, Err(RouterCommandError::TimedOut));
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// What changes a router is written down by who polls it too, and not done by who does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_this_process_ends_has_a_row_with_its_outcome() {
    let house = House::new().await;
    let (fake, nas) = (&house.desk.commands, router(&house).await);
    let ended = all_ends().remove(1);
    *fake.ended.lock().unwrap() = ended.clone();
    let planned = recorded(&house, "east").disconnect(nas.clone(), session(), true).await;
    assert_eq!((planned, house.desk.store.list_commands(10).await), (ended.clone(), Ok(Vec::new())));
    assert_eq!(recorded(&house, "east").disconnect(nas.clone(), session(), false).await, ended);
    let row = house.written().await;
    assert_eq!(
        (row.kind.as_str(), row.state, row.node.as_deref()),
        ("disconnect", CommandState::Ended, Some("east"))
    );
    assert!(row.arguments.unwrap().contains("\"no\":7") && row.outcome.unwrap().contains("\"gone\""));
    let asked = fake.ends.lock().unwrap().len();
    *fake.answer.lock().unwrap() = Err(RouterCommandError::Refused("west polls it".to_owned()));
    let not_ours = recorded(&house, "web").disconnect(nas, session(), false).await;
    assert_eq!(not_ours, Err(RouterCommandError::Refused("west polls it".to_owned())));
    let asked_since = fake.ends.lock().unwrap().len();
    assert_eq!((asked_since, house.written().await.id), (asked, row.id));
}
