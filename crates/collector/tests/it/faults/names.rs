//! Names that hurt, on every release: each octet to the right login, bytewise.

use std::time::Duration;

use routeros_sim::names::HURTING;
use routeros_sim::server::SimRouter;
use routeros_sim::world::{Device, Personality, SecretRename, Service, SessionKey, World};

use super::books::{assert_exact, assert_sound, surf, totals, truth, usage};
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

/// Whatever a router calls a live session after its secret was renamed: each of its octets is the one login's or the other's, and
/// nothing is said to be unseen. Where the interface is renamed too, a round sees it at once; where only the tables of owners
/// tell, when they are read whole.
#[tokio::test]
async fn a_live_session_that_is_renamed_is_counted_once_and_whole() {
    for rename in [SecretRename::KeepsName, SecretRename::TakesName, SecretRename::RenamesInterface] {
        let house = Supervised::start().await;
        let mut world = World::new(Device::new("r", Personality::V7_20, 1));
        world.device_mut().switches.secret_rename = rename;
        let sim = house.covered_router("r", world, 3_600_000).await;
        let session =
            sim.with_world(|world| world.connect("old-name", Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0));
        tell(&sim, "/ppp/secret/add", &[("name", "old-name"), ("service", "pppoe")]).await;
        pass(&sim, session, 500);
        house.read("r").await.unwrap();
        tell(&sim, "/ppp/secret/set", &[("numbers", "old-name"), ("name", "new-name")]).await;
        for _ in 0..3 {
            pass(&sim, session, 70);
            house.read("r").await.unwrap();
        }
        pass(&sim, session, 8);
        sim.drop_connections();
        while house.read("r").await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        pass(&sim, session, 2);
        house.read("r").await.unwrap();
        let new = match rename {
            SecretRename::KeepsName => 0,
            SecretRename::TakesName => 10,
            SecretRename::RenamesInterface => 220,
        };
        let said = totals(&house.sqlite, Some("r")).await;
        let octets = |login: &[u8]| said.get(login).copied().unwrap_or_default();
        let whole = |octets: u64| (octets, octets * 10);
        assert_eq!((octets(b"old-name"), octets(b"new-name")), (whole(720 - new), whole(new)), "{rename:?}");
        if rename == SecretRename::RenamesInterface {
            assert_exact(&house.sqlite, &truth(&sim), Some("r")).await;
        }
        assert_sound(&house.sqlite).await;
        for row in usage(&house.sqlite, Some("r")).await {
            assert_eq!(
                (row.observation.unseen_us, row.observation.upper_octets),
                (0, Some(0)),
                "{rename:?}: {row:?}"
            );
        }
    }
}

fn pass(sim: &SimRouter, session: SessionKey, octets: u64) {
    sim.with_world(|world| world.transfer(session, octets, octets * 10));
}

/// The name goes with the session until it ends, unless the router shows another one; the next session is another login's.
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
