//! A command is carried out once, or not at all.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use super::{Device, HASTY, House, PATIENT, Point, done, not_done, outcome_of};
use crate::postgres_server;
use crate::redis_server::until;
use serde_json::json;
use store::{CommandState, NewCommand};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_written_down_carried_out_and_answered() {
    let house = House::new().await;
    let (device, _sight) = Device::new();
    let _east = house.east(&device);
    let order = house.order(PATIENT);
    assert_eq!(house.web().ask("east", house.nas, order.clone()).await, done());
    assert_eq!(device.times(order.id), 1);
    let written = house.ended().await;
    assert_eq!(
        (written.id, written.kind.as_str(), written.node.as_deref()),
        (order.id, "sample", Some("east"))
    );
    assert_eq!(outcome_of(&written), json!({"done": {"did": 7}}));
    until(&|| "its place in the stream is free".to_owned(), || {
        let left: u64 = house.redis.run(&["XLEN", "tikmeter:commands:east"]);
        (left == 0).then_some(())
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_comes_twice_is_carried_out_once_and_answered_twice() {
    let house = House::new().await;
    let (device, mut sight) = Device::new();
    let _east = house.east(&device.holding(Point::After));
    let (first, second) = (house.web(), house.deaf_web());
    let order = house.order(PATIENT);
    let twice = super::Order { within: HASTY, ..order.clone() };
    let asked = tokio::spawn({
        let (nas, order) = (house.nas, order.clone());
        async move { first.ask("east", nas, order).await }
    });
    assert_eq!(sight.recv().await, Some(Point::Before));
    super::unknown(second.ask("east", house.nas, twice).await);
    device.on.add_permits(1);
    assert_eq!(asked.await.unwrap(), done());
    house.ended().await;
    assert_eq!(house.web().ask("east", house.nas, order.clone()).await, done(), "as it was written down");
    assert_eq!(device.times(order.id), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_time_has_passed_is_not_carried_out() {
    let house = House::new().await;
    let (device, _sight) = Device::new();
    let order = house.order(HASTY);
    let told = not_done(house.web().ask("east", house.nas, order.clone()).await);
    assert!(told.contains("east") && told.contains("will not be done any more"), "{told}");
    let _east = house.east(&device);
    house.until_given(0);
    assert_eq!((device.times(order.id), house.written().await.state), (0, CommandState::Withdrawn));
}

/// By Redis' clock alone: who asked is gone, and never said that it does not wait any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_one_that_nobody_withdrew_is_not_carried_out_either() {
    let house = House::new().await;
    let (device, _sight) = Device::new();
    let order = house.order(HASTY);
    let asking = {
        let (web, nas, order) = (house.web(), house.nas, order.clone());
        tokio::spawn(async move { web.ask("east", nas, order).await })
    };
    house.until_given(1);
    asking.abort();
    tokio::time::sleep(HASTY).await;
    let _east = house.east(&device);
    house.until_given(0);
    assert_eq!((device.times(order.id), house.written().await.state), (0, CommandState::Withdrawn));
}

/// Its row is made, for nobody had withdrawn it, and waited for so long that nothing is left of its time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_row_is_made_too_late_is_not_carried_out() {
    let house = House::new().await;
    let (device, _sight) = Device::new();
    let order = super::Order { within: 2 * HASTY, ..house.order(HASTY) };
    let asking = {
        let (web, nas, order) = (house.web(), house.nas, order.clone());
        tokio::spawn(async move { web.ask("east", nas, order).await })
    };
    house.until_given(1);
    asking.abort();
    let (url, within, (is_held, held)) = (house.database.clone(), order.within, sync_channel(1));
    let round = tokio::task::spawn_blocking(move || hold_the_router(&url, within, is_held));
    held.recv().unwrap();
    let _east = house.east(&device);
    house.until_given(0);
    round.await.unwrap();
    let written = house.written().await;
    assert_eq!((device.times(order.id), written.state), (0, CommandState::Ended));
    let told = outcome_of(&written)["not_done"].to_string();
    assert!(told.contains("nothing was done, because it was given too long ago"), "{told}");
}

/// As a round does that takes long: until somebody has waited for that router for so long.
fn hold_the_router(database: &str, within: Duration, is_held: SyncSender<()>) {
    postgres_server::ask(database, move |client| {
        client.batch_execute("BEGIN; SELECT 1 FROM tikmeter.nas FOR UPDATE").unwrap();
        is_held.send(()).unwrap();
        let waits = "SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))";
        while client.query(waits, &[]).unwrap().is_empty() {}
        std::thread::sleep(within);
        client.batch_execute("COMMIT").unwrap();
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_was_withdrawn_is_not_carried_out_however_quick_it_comes() {
    let house = House::new().await;
    let (device, _sight) = Device::new();
    let _east = house.east(&device);
    let order = house.order(PATIENT);
    let new =
        NewCommand { id: order.id, nas: house.nas, kind: "sample".to_owned(), arguments: "7".to_owned() };
    house.desk.store.withdraw_command(new).await.unwrap();
    not_done(house.web().ask("east", house.nas, order.clone()).await);
    assert_eq!(device.times(order.id), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_does_not_have_the_router_does_nothing() {
    let house = House::new().await;
    let (device, _sight) = Device::new();
    let _west = house.process("west", device.clone());
    let order = house.order(PATIENT);
    let told = not_done(house.web().ask("west", house.nas, order.clone()).await);
    assert!(told.contains("west") && told.contains("does not poll the router"), "{told}");
    assert_eq!((device.times(order.id), house.written().await.state), (0, CommandState::Withdrawn));
}
