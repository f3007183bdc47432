//! A process is killed in the middle: whoever has the router next sees what became of the command, and nobody does it again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use operations::RouterCommandError;
use serde_json::json;
use server::{Executor, RouterExecutor};
use store::{Beginning, CommandState, NewCommand, Node, NodeRole, Unsettled};
use uuid::Uuid;

use super::{Device, HASTY, House, PATIENT, Point, done, join, outcome_of, unknown};
use crate::harness::Desk;
use crate::postgres_server::Database;

/// Kills east at that point; another run of it finds that outcome.
async fn killed(point: Point, blind: bool, times: u32, found: serde_json::Value) {
    let house = House::new().await;
    let (device, mut sight) = Device::new();
    let east = house.east(&device.holding(point));
    let (web, order) = (house.web(), house.order(HASTY));
    let asked = tokio::spawn({
        let (nas, order) = (house.nas, order.clone());
        async move { web.ask("east", nas, order).await }
    });
    while sight.recv().await != Some(point) {}
    east.kill();
    let told = unknown(asked.await.unwrap());
    assert!(told.contains("east began to do it") && told.contains("before you try again"), "{told}");
    device.blind.store(blind, Ordering::SeqCst);
    *device.holds.lock().unwrap() = None;
    join(&*house.desk.store, "east").await;
    let _again = house.east(&device);
    let settled = house.ended().await;
    assert_eq!(outcome_of(&settled), found);
    assert_eq!(device.times(order.id), times);
    let shown = house.desk.see("/api/v1/commands").await["items"][0].clone();
    assert!(found.get(shown["state"].as_str().unwrap()).is_some(), "{shown}");
    assert_eq!((&shown["router"], &shown["process"]), (&"tower".into(), &"east".into()), "{shown}");
    let again = house.web().ask("east", house.nas, order.clone()).await;
    assert_eq!(again.is_ok(), found.get("done").is_some(), "who asks again hears the same: {again:?}");
    assert_eq!(device.times(order.id), times, "and it is not done again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn between_writing_down_and_doing_it_was_not_done() {
    let found = json!({"not_done": "the device shows that it was not done"});
    killed(Point::Before, false, 0, found).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn between_doing_and_the_outcome_it_was_done() {
    killed(Point::After, false, 1, json!({"done": {"seen": true}})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_device_does_not_show_it_that_is_said() {
    killed(Point::After, true, 1, json!({"unknown": "the device does not show it"})).await;
}

/// Another process takes the router, and finds what the first one left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_takes_the_router_over_settles_it() {
    let house = House::new().await;
    let (device, mut sight) = Device::new();
    let east = house.east(&device.holding(Point::After));
    let (web, nas, order) = (house.web(), house.nas, house.order(HASTY));
    let asked = tokio::spawn(async move { web.ask("east", nas, order).await });
    while sight.recv().await != Some(Point::After) {}
    east.kill();
    unknown(asked.await.unwrap());
    let store = &house.desk.store;
    let node = Node::new("east", NodeRole::All);
    store.join(node.clone(), Duration::from_secs(60)).await.unwrap();
    store.leave(node).await.unwrap();
    join(&**store, "west").await;
    let _west = house.process("west", device.clone());
    let settled = house.ended().await;
    assert_eq!(
        (settled.node.as_deref(), outcome_of(&settled)),
        (Some("east"), json!({"done": {"seen": true}}))
    );
}

/// A process that lost the router may still be at it: what it does is not settled as not done meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_somebodys_hands_is_not_settled_by_who_has_the_router_now() {
    let house = House::new().await;
    let (device, mut sight) = Device::new();
    let _east = house.east(&device.holding(Point::Before));
    let (web, nas, order) = (house.web(), house.nas, house.order(PATIENT));
    let asked = tokio::spawn(async move { web.ask("east", nas, order).await });
    assert_eq!(sight.recv().await, Some(Point::Before));
    let node = Node::new("east", NodeRole::All);
    house.desk.store.join(node.clone(), Duration::from_secs(60)).await.unwrap();
    house.desk.store.leave(node).await.unwrap();
    join(&*house.desk.store, "west").await;
    let (idle, _sight) = Device::new();
    let _west = house.process_settling("west", idle, Duration::from_secs(60));
    // Time for several looks, of which the first is taken at once.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(house.written().await.state, CommandState::Begun);
    device.on.add_permits(1);
    assert_eq!(asked.await.unwrap(), done());
    assert_eq!(outcome_of(&house.written().await), json!({"done": {"did": 7}}));
}

/// One that was settled meanwhile is told as its row says, whatever was done since.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_too_late_with_an_outcome_tells_the_one_that_is_written() {
    let house = House::new().await;
    let (device, mut sight) = Device::new();
    let _east = house.east(&device.holding(Point::Before));
    let (web, nas, order) = (house.web(), house.nas, house.order(PATIENT));
    let (id, found) = (order.id, Err(RouterCommandError::Unknown("nobody saw it".to_owned())));
    let asked = tokio::spawn(async move { web.ask("east", nas, order).await });
    assert_eq!(sight.recv().await, Some(Point::Before));
    let text = json!({"unknown": "nobody saw it"}).to_string();
    assert_eq!(house.desk.store.end_command(id, text).await, Ok(true));
    device.on.add_permits(1);
    assert_eq!(asked.await.unwrap(), found);
}

/// A reading that was begun, and what is known of its router now.
async fn reading(desk: &Desk, kind: &str) -> (RouterExecutor, Unsettled) {
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[(b"ana", 5, 10, 20)]).await;
    join(&*desk.store, "east").await;
    let new = NewCommand { id: Uuid::new_v4(), nas, kind: kind.to_owned(), arguments: "7".to_owned() };
    assert_eq!(desk.store.begin_command(new, "east").await, Ok(Beginning::Begun));
    join(&*desk.store, "east").await;
    let unsettled = desk.store.unsettled_commands("east", false, Duration::ZERO).await.unwrap().remove(0);
    let executor = RouterExecutor::new(desk.commands.clone(), Arc::clone(&desk.store));
    (executor, unsettled)
}

#[tokio::test]
async fn a_reading_was_done_if_the_books_show_one_since() {
    let desk = Desk::shared(Database::create()).await;
    let (executor, unsettled) = reading(&desk, "read_now").await;
    let told = super::not_done(executor.settle(&unsettled).await);
    assert!(told.contains("east") && told.contains("before the router's reading was committed"), "{told}");
    let mut meter = desk.meter(unsettled.command.nas).await;
    meter.round(60, &[(b"ana", 65, 11, 21)]).await;
    let unsettled = desk.store.unsettled_commands("east", false, Duration::ZERO).await.unwrap().remove(0);
    let done = executor.settle(&unsettled).await;
    assert_eq!(done, Ok(json!({"poll_seq": 2, "at_us": 1_800_000_060_000_000_i64})));
    let same = Unsettled { epoch: unsettled.command.epoch.unwrap(), last: (1, None), ..unsettled };
    assert!(matches!(executor.settle(&same).await, Err(RouterCommandError::Unknown(_))));
}

#[tokio::test]
async fn a_look_that_was_cut_off_changed_nothing() {
    let desk = Desk::shared(Database::create()).await;
    let (executor, unsettled) = reading(&desk, "check_up").await;
    let told = super::not_done(executor.settle(&unsettled).await);
    assert!(told.contains("nothing was changed"), "{told}");
}

/// A session that was to be ended by a process that is gone: a reading shows whether it is up.
#[tokio::test]
async fn a_session_was_ended_if_a_reading_shows_it_no_more() {
    let desk = Desk::shared(Database::create()).await;
    let (executor, mut unsettled) = reading(&desk, "disconnect").await;
    let why = super::unknown(executor.settle(&unsettled).await);
    assert!(why.contains("answered in words"), "its arguments are not those of a disconnect: {why}");
    let session = json!({"no": 7, "service": "hotspot", "login": [97], "caller": [66], "address": [], "session_id": null});
    unsettled.command.arguments = Some(session.to_string());
    let settled = async |open| {
        *desk.commands.open.lock().unwrap() = open;
        executor.settle(&unsettled).await
    };
    let gone = json!({"became": {"gone": {"looked_s": 0}}, "commands": [], "also_gone": 0});
    assert_eq!(settled(Ok(false)).await, Ok(gone));
    let told = super::not_done(settled(Ok(true)).await);
    assert!(told.contains("before it ended the session"), "{told}");
    let told = super::unknown(settled(Err(RouterCommandError::TimedOut)).await);
    assert!(told.contains("does not show what came of it"), "{told}");
}
