//! Routers beside each other: a dead or hanging one delays no other, and one listed twice is counted once.

use std::time::Duration;

use operations::Phase;
use routeros_sim::faults::Fault;
use routeros_sim::world::{Device, Personality, Service, World};
use tokio::time::Instant;

use super::books::{self, assert_exact, surf, truth};
use super::supervised::Supervised;
use crate::sim::MAC;

/// Who waited for a hanging router would wait at least as long as its connection may take.
const A_HANG: Duration = Duration::from_secs(10);

fn world(name: &str, seed: u64) -> World {
    let mut world = World::new(Device::new(name, Personality::V7_20, seed));
    for number in 0..10 {
        world.connect(format!("{name}-{number}"), Service::Pppoe, MAC, 0, 0);
    }
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_hanging_and_trickling_routers_delay_no_other() {
    let house = Supervised::start().await;
    let well = house.covered_router("well", world("well", 1), 50).await;
    let mut kept = Vec::new();
    for number in 0..5 {
        for (kind, seed) in [("dead", 100), ("mute", 200), ("slow", 300), ("stuck", 400)] {
            let name = format!("{kind}-{number}");
            let sim = house.router(&name, world(&name, seed + number), Device::DEFAULT_PASSWORD, 50).await;
            match kind {
                "dead" => sim.set_listening(false).await,
                "mute" => drop(sim.faults().always(Fault::HangOnConnect)),
                "slow" => {
                    let pause = Duration::from_millis(30);
                    sim.faults().always_on("/interface/print", Fault::Trickle { octets: 1, pause });
                }
                _ => drop(sim.faults().always_on("/interface/print", Fault::Delay(Duration::from_secs(60)))),
            }
            sim.drop_connections();
            kept.push(sim);
        }
    }
    let longest = longest_pause(&house, Duration::from_secs(4)).await;
    println!("longest time between two rounds beside 20 sick routers: {longest:?} (interval 50 ms)");
    assert!(longest < A_HANG / 2, "{longest:?}");
    well.with_world(surf);
    house.read("well").await.unwrap();
    assert_exact(&house.sqlite, &truth(&well), Some("well")).await;
}

/// The longest time in which the router `well` committed nothing.
async fn longest_pause(house: &Supervised, watched: Duration) -> Duration {
    let (end, mut longest) = (Instant::now() + watched, Duration::ZERO);
    while Instant::now() < end {
        let (begun, rounds) = (Instant::now(), house.when("well", |_| true).await.rounds_total);
        house.when("well", |status| status.rounds_total > rounds).await;
        longest = longest.max(begun.elapsed());
    }
    longest
}

#[tokio::test]
async fn a_device_listed_twice_is_refused_naming_both_and_counted_once() {
    let house = Supervised::start().await;
    let sim = house.covered_router("north", world("u", 5), 50).await;
    house.add("south", sim.addr(), Device::DEFAULT_PASSWORD, Some(50)).await;
    let status = house.when("south", |status| status.phase == Phase::PausedDuplicate).await;
    let message = status.message.unwrap();
    assert!(message.contains("north") && message.contains("south"), "{message}");
    for _ in 0..5 {
        sim.with_world(surf);
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    house.read("north").await.unwrap();
    assert_exact(&house.sqlite, &truth(&sim), None).await;
    assert!(books::totals(&house.sqlite, Some("south")).await.is_empty());
}

/// The same serial number at two addresses is one device, whatever answers at the second.
#[tokio::test]
async fn a_device_reached_at_two_addresses_is_still_one() {
    let house = Supervised::start().await;
    let sim = house.covered_router("north", world("u", 5), 50).await;
    let _twin = house.router("south", world("u", 5), Device::DEFAULT_PASSWORD, 50).await;
    house.when("south", |status| status.phase == Phase::PausedDuplicate).await;
    sim.with_world(surf);
    house.read("north").await.unwrap();
    assert_exact(&house.sqlite, &truth(&sim), None).await;
}

/// Otherwise both would count what passed meanwhile, each from its own last reading.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_a_device_is_does_not_change_with_a_restart() {
    let mut house = Supervised::start().await;
    let sim = house.covered_router("zulu", world("u", 5), 50).await;
    house.add("alpha", sim.addr(), Device::DEFAULT_PASSWORD, Some(50)).await;
    for _ in 0..12 {
        house.when("alpha", |status| status.phase == Phase::PausedDuplicate).await;
        sim.with_world(surf);
        house.read("zulu").await.unwrap();
        house = house.restart().await;
    }
    assert_exact(&house.sqlite, &truth(&sim), None).await;
}
