//! Another device answers at a router's address: it was replaced, or the address moved to its partner (VRRP) and back.
//! Counters belong to the device, so nothing is carried from one to the other.

use routeros_sim::server::SimRouter;
use routeros_sim::world::{Device, Mark, Personality, Service, World};

use super::books::{Totals, assert_sound, surf, totals, truth_since};
use super::supervised::Supervised;
use crate::sim::MAC;

/// A device with subscribers who moved something before anybody looked.
fn device(name: &str, seed: u64) -> World {
    let mut world = World::new(Device::new(name, Personality::V7_20, seed));
    for number in 0..5 {
        let key = world.connect(format!("{name}-{number}"), Service::Pppoe, MAC, 0, 0);
        world.transfer(key, 7_000_000, 7_000_000);
    }
    world
}

/// The other device takes the address; whoever was connected to it is not any more.
async fn swap(house: &Supervised, sim: &SimRouter, other: &mut World) {
    sim.with_world(|world| std::mem::swap(world, other));
    sim.drop_connections();
    while house.read("vip").await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// What passes from the mark on, read to its end.
async fn pass(house: &Supervised, sim: &SimRouter, mark: &Mark) -> Totals {
    sim.with_world(surf);
    house.read("vip").await.unwrap();
    truth_since(sim, mark)
}

fn mark(sim: &SimRouter) -> Mark {
    sim.with_world(|world| world.mark())
}

#[tokio::test]
async fn a_replaced_device_at_the_same_address_is_counted_from_its_own_baseline() {
    let house = Supervised::start().await;
    let sim = house.covered_router("vip", device("old", 1), 3_600_000).await;
    let mut expected = pass(&house, &sim, &mark(&sim)).await;
    swap(&house, &sim, &mut device("new", 2)).await;
    assert_eq!(totals(&house.sqlite, None).await, expected, "what it counted before is nobody's");
    expected.extend(pass(&house, &sim, &mark(&sim)).await);
    assert_eq!(totals(&house.sqlite, None).await, expected);
    assert_sound(&house.sqlite).await;
}

#[tokio::test]
async fn an_address_that_moves_to_its_partner_and_back_bills_nothing_twice() {
    let house = Supervised::start().await;
    let sim = house.covered_router("vip", device("one", 1), 3_600_000).await;
    let begin = mark(&sim);
    let first = pass(&house, &sim, &begin).await;
    let mut partner = device("two", 2);
    swap(&house, &sim, &mut partner).await;
    let second = pass(&house, &sim, &mark(&sim)).await;
    // What passes through a device that nobody reads meanwhile is not counted, and not taken for the partner's.
    surf(&mut partner);
    swap(&house, &sim, &mut partner).await;
    let back = mark(&sim);
    let mut expected = first.clone();
    expected.extend(second);
    assert_eq!(totals(&house.sqlite, None).await, expected);
    for (login, (up, down)) in pass(&house, &sim, &back).await {
        let (up_before, down_before) = first[&login];
        expected.insert(login, (up_before + up, down_before + down));
    }
    let said = totals(&house.sqlite, None).await;
    assert_eq!(said, expected);
    let really = truth_since(&sim, &begin);
    assert!(really.iter().all(|(login, (up, _))| said[login].0 < *up), "{really:?}");
    assert_sound(&house.sqlite).await;
}
