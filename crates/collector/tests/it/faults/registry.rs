//! Routers that are added, changed, switched off and removed while the others are polled.

use operations::{Phase, RouterCommands};
use routeros_sim::world::{Service, World};
use store::{NasPatch, NasRepository};

use super::books::{act, assert_exact, surf, truth};
use super::patience::until;
use super::supervised::Supervised;
use crate::sim::{MAC, world};

fn crowd() -> World {
    let mut world = world();
    for number in 0..10 {
        world.connect(format!("u{number}"), Service::Pppoe, MAC, 0, 0);
    }
    world
}

#[tokio::test]
async fn a_router_switched_off_is_left_alone_and_counted_on_when_it_is_back() {
    let house = Supervised::start().await;
    let sim = house.covered_router("r", crowd(), 40).await;
    sim.with_world(surf);
    house.read("r").await.unwrap();
    house.set_enabled("r", false).await;
    house.when("r", |status| status.phase == Phase::Disabled).await;
    until("no connection is left", || sim.stats().open_connections == 0).await;
    sim.with_world(surf);
    sim.with_world(|world| {
        let late = world.connect("late", Service::Pppoe, MAC, 0, 0);
        world.transfer(late, 5, 6);
    });
    house.set_enabled("r", true).await;
    house.when("r", |status| status.phase == Phase::Online).await;
    house.read("r").await.unwrap();
    assert_exact(&house.sqlite, &truth(&sim), None).await;
}

#[tokio::test]
async fn a_changed_interval_restarts_the_poller_and_loses_nothing() {
    let house = Supervised::start().await;
    let sim = house.covered_router("r", crowd(), 40).await;
    for interval in [30, 60, 20, 50] {
        sim.with_world(surf);
        house.edit("r", NasPatch { interval_ms: Some(Some(interval)), ..NasPatch::default() }).await;
        sim.with_world(surf);
    }
    house.when("r", |status| status.phase == Phase::Online).await;
    house.read("r").await.unwrap();
    assert_exact(&house.sqlite, &truth(&sim), None).await;
}

#[tokio::test]
async fn who_asks_for_a_reading_while_the_poller_is_made_anew_gets_it() {
    let house = Supervised::start().await;
    let sim = house.covered_router("r", crowd(), 40).await;
    for turn in 0..20 {
        sim.with_world(surf);
        let edit = house.edit("r", NasPatch { interval_ms: Some(Some(30 + turn)), ..NasPatch::default() });
        let (read, ()) = tokio::join!(house.read("r"), edit);
        read.unwrap();
    }
    house.read("r").await.unwrap();
    assert_exact(&house.sqlite, &truth(&sim), None).await;
}

#[tokio::test]
async fn a_removed_router_leaves_the_board_and_keeps_its_history() {
    let house = Supervised::start().await;
    let sim = house.covered_router("r", crowd(), 40).await;
    sim.with_world(surf);
    house.read("r").await.unwrap();
    let id = house.id("r").await;
    house.sqlite.remove_nas(id, act("router.remove")).await.unwrap();
    house.supervisor.reload().await;
    assert_eq!(house.board.get(id), None);
    until("no connection is left", || sim.stats().open_connections == 0).await;
    assert_exact(&house.sqlite, &truth(&sim), Some("r")).await;
}

#[tokio::test]
async fn restarts_in_the_middle_of_traffic_lose_nothing_and_repeat_nothing() {
    let mut house = Supervised::start().await;
    let sim = house.covered_router("r", crowd(), 20).await;
    for number in 0..10 {
        sim.with_world(surf);
        house = house.restart().await;
        sim.with_world(surf);
        sim.with_world(|world| world.connect(format!("late{number}"), Service::Pppoe, MAC, 0, 0));
        house.when("r", |status| status.rounds_total > 0).await;
    }
    sim.with_world(surf);
    house.read("r").await.unwrap();
    assert_exact(&house.sqlite, &truth(&sim), None).await;
}
