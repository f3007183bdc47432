//! Names that hurt, on every release: each octet to the right login, bytewise.

use std::time::Duration;

use routeros_sim::names::HURTING;
use routeros_sim::world::{Device, Personality, Service, World};

use super::books::{assert_exact, assert_sound, surf, totals, truth};
use super::supervised::Supervised;
use crate::sim::tell;

fn hurting(personality: Personality) -> World {
    let mut world = World::new(Device::new("r", personality, personality as u64));
    world.add_usual_interfaces();
    dial(&mut world, Service::Pppoe);
    world
}

fn dial(world: &mut World, service: Service) {
    for (number, name) in HURTING.iter().enumerate() {
        world.connect(name, service, format!("AA:BB:CC:00:00:{number:02X}"), 0, 0);
    }
}

#[tokio::test]
async fn each_octet_goes_to_the_right_login_on_every_release() {
    let house = Supervised::start().await;
    for personality in Personality::ALL {
        let name = personality.version();
        let sim = house.covered_router(name, hurting(personality), 50).await;
        sim.with_world(surf);
        house.read(name).await.unwrap();
        assert_eq!(totals(&house.sqlite, Some(name)).await.len(), HURTING.len());
        assert_exact(&house.sqlite, &truth(&sim), Some(name)).await;
        sim.with_world(|world| dial(world, Service::Pppoe));
        sim.with_world(|world| dial(world, Service::L2tp));
        sim.with_world(surf);
        house.read(name).await.unwrap();
        assert_exact(&house.sqlite, &truth(&sim), Some(name)).await;
        house.set_enabled(name, false).await;
    }
}

/// The second session of `bob` and the first of `bob-1` share the name `<pppoe-bob-1>`, one after the other within
/// one round: the tables still name the one while the counter is the other's already (DESIGN rule 6).
#[tokio::test]
async fn a_name_that_changes_hands_between_the_tables_and_the_counters_is_nobodys_yet() {
    let house = Supervised::start().await;
    let mut world = World::new(Device::new("r", Personality::V7_20, 1));
    world.connect("bob", Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
    let sim = house.covered_router("r", world, 3_600_000).await;
    let second = sim.with_world(|world| world.connect("bob", Service::Pppoe, "AA:BB:CC:00:00:02", 0, 0));
    sim.with_world(surf);
    sim.at_print("/interface/print", 2, move |world| {
        world.disconnect(second);
        let heir = world.connect("bob-1", Service::Pppoe, "AA:BB:CC:00:00:03", 0, 0);
        assert_eq!(world.interface_name_of(heir), b"<pppoe-bob-1>");
        world.transfer(heir, 1_111, 2_222);
    });
    sim.drop_connections();
    while house.read("r").await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for _ in 0..3 {
        house.read("r").await.unwrap();
    }
    let said = totals(&house.sqlite, Some("r")).await;
    assert_eq!(said.get(&b"bob-1"[..]), Some(&(1_111, 2_222)));
    assert_eq!(
        said.get(&b"bob"[..]),
        Some(&(1_001, 100_003)),
        "what the second session moved was never read"
    );
    assert_sound(&house.sqlite).await;
}

/// What a live session is called after its secret was renamed is not established: routeros.md §2.7 says of two other settings
/// that they do not touch it, and so does the simulated router of this one. What it moves counts under the old name until it
/// ends, and the next session is another login's.
#[tokio::test]
async fn a_login_renamed_on_the_router_counts_under_its_new_name_from_its_next_session_on() {
    let house = Supervised::start().await;
    let mut world = World::new(Device::new("r", Personality::V7_20, 1));
    let before = world.connect("old-name", Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
    let sim = house.covered_router("r", world, 3_600_000).await;
    tell(&sim, "/ppp/secret/add", &[("name", "old-name"), ("service", "pppoe")]).await;
    sim.with_world(|world| world.transfer(before, 500, 5_000));
    house.read("r").await.unwrap();
    tell(&sim, "/ppp/secret/set", &[("numbers", "old-name"), ("name", "new-name")]).await;
    sim.with_world(|world| world.transfer(before, 70, 700));
    house.read("r").await.unwrap();
    sim.with_world(|world| {
        world.disconnect(before);
        let after = world.connect("new-name", Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
        world.transfer(after, 30, 300);
    });
    house.read("r").await.unwrap();
    assert_exact(&house.sqlite, &truth(&sim), Some("r")).await;
    let said = totals(&house.sqlite, Some("r")).await;
    assert_eq!(said[&b"old-name"[..]], (570, 5_700));
    assert_eq!(said[&b"new-name"[..]], (30, 300));
}
