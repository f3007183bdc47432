//! One device under two router entries: whoever committed it holds it, through switching off and restarts, until the
//! entry is removed or commits another device.

use operations::{Phase, RouterCommandError, RouterCommands, RouterStatus};
use routeros_sim::faults::Fault;
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Service, World};
use store::{NasPatch, NasRepository};

use super::books::{act, assert_exact, surf, totals, truth, truth_since};
use super::supervised::Supervised;
use crate::sim::{MAC, world};

fn crowd() -> World {
    let mut world = world();
    for number in 0..5 {
        world.connect(format!("u{number}"), Service::Pppoe, MAC, 0, 0);
    }
    world
}

/// A house whose entry `filed` has counted something of a device and is switched off.
async fn filed_and_off() -> (Supervised, SimRouter) {
    let house = Supervised::start().await;
    let sim = house.covered_router("filed", crowd(), 40).await;
    sim.with_world(surf);
    house.read("filed").await.unwrap();
    house.set_enabled("filed", false).await;
    house.when("filed", |status| status.phase == Phase::Disabled).await;
    (house, sim)
}

async fn refused(house: &Supervised, name: &str) -> RouterStatus {
    house.when(name, |status| status.phase == Phase::PausedDuplicate).await
}

async fn assert_counted_nothing(house: &Supervised, name: &str) {
    assert!(totals(&house.sqlite, Some(name)).await.is_empty());
    assert_eq!(house.sqlite.nas_by_name(name).await.unwrap().unwrap().poll_seq, 0, "it committed nothing");
}

#[tokio::test]
async fn a_device_stays_with_the_entry_that_counted_it_though_switched_off_and_over_a_restart() {
    let (house, sim) = filed_and_off().await;
    house.add("dup", sim.addr(), Device::DEFAULT_PASSWORD, Some(40)).await;
    let message = refused(&house, "dup").await.message.unwrap();
    assert!(message.contains("counted once, as filed (which is switched off)"), "{message}");
    assert!(message.contains("`tikmeter router remove dup`"), "{message}");
    let asked = house.read("dup").await.unwrap_err();
    assert!(matches!(&asked, RouterCommandError::Refused(text) if text.contains("filed")), "{asked}");
    sim.with_world(surf);
    let house = house.restart().await;
    refused(&house, "dup").await;
    sim.with_world(surf);
    house.set_enabled("dup", false).await;
    house.when("dup", |status| status.phase == Phase::Disabled).await;
    house.set_enabled("filed", true).await;
    house.when("filed", |status| status.rounds_total > 0).await;
    sim.with_world(surf);
    house.set_enabled("dup", true).await;
    refused(&house, "dup").await;
    house.read("filed").await.unwrap();
    assert_exact(&house.sqlite, &truth(&sim), None).await;
    assert_counted_nothing(&house, "dup").await;
}

#[tokio::test]
async fn once_the_holder_is_removed_the_other_takes_over_from_a_baseline() {
    let (house, sim) = filed_and_off().await;
    let counted = totals(&house.sqlite, None).await;
    house.add("dup", sim.addr(), Device::DEFAULT_PASSWORD, Some(40)).await;
    refused(&house, "dup").await;
    sim.with_world(surf);
    house.sqlite.remove_nas(house.id("filed").await, act("router.remove")).await.unwrap();
    house.supervisor.reload().await;
    house.when("dup", |status| status.rounds_total > 0).await;
    assert!(totals(&house.sqlite, Some("dup")).await.is_empty(), "what passed before is nobody's");
    let mark = sim.with_world(|world| world.mark());
    sim.with_world(surf);
    house.read("dup").await.unwrap();
    assert_exact(&house.sqlite, &truth_since(&sim, &mark), Some("dup")).await;
    assert_eq!(totals(&house.sqlite, Some("filed")).await, counted);
}

/// A device that was replaced may be used elsewhere, and is counted there.
#[tokio::test]
async fn a_holder_that_commits_another_device_frees_the_old_one() {
    let (house, old) = filed_and_off().await;
    let counted = totals(&house.sqlite, None).await;
    house.add("dup", old.addr(), Device::DEFAULT_PASSWORD, Some(40)).await;
    refused(&house, "dup").await;
    let other = World::new(Device::new("other", Personality::V7_20, 8));
    let new = SimRouter::start(other, Options { time: TimeMode::Wall }).await.unwrap();
    new.faults().always(Fault::Refuse);
    house.edit("filed", NasPatch { port: Some(new.addr().port()), ..NasPatch::default() }).await;
    house.set_password("filed", Device::DEFAULT_PASSWORD).await;
    house.set_enabled("filed", true).await;
    let is_refused_again = |status: &RouterStatus| {
        let told = status.message.as_deref().unwrap_or_default();
        status.phase == Phase::PausedDuplicate && !told.contains("switched off")
    };
    house.when("dup", is_refused_again).await;
    new.faults().clear();
    house.when("filed", |status| status.phase == Phase::Online).await;
    house.read("filed").await.unwrap();
    house.supervisor.reload().await;
    house.when("dup", |status| status.rounds_total > 0).await;
    let mark = old.with_world(|world| world.mark());
    old.with_world(surf);
    house.read("dup").await.unwrap();
    assert_exact(&house.sqlite, &truth_since(&old, &mark), Some("dup")).await;
    assert_eq!(totals(&house.sqlite, Some("filed")).await, counted);
}
