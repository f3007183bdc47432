//! What is said of a router as soon as a change of it is told: nothing that was true of it before only.

use std::time::Duration;

use operations::{PasswordPlace, Phase, RouterStatus, Vault};
use routeros_sim::server::SimRouter;
use routeros_sim::world::Device;
use store::{NasPatch, NasRepository, SealedPassword};

use super::supervised::Supervised;
use crate::sim::{start, world};

async fn shown(house: &Supervised, name: &str) -> RouterStatus {
    house.board.get(house.id(name).await).unwrap()
}

/// The key to passwords may change while routers are read, here or at another process: all of them would log in again at once.
#[tokio::test]
async fn a_password_that_is_sealed_anew_is_no_reason_to_log_in_again() {
    let house = Supervised::start().await;
    let sim = house.covered_router("r", world(), 40).await;
    // One connection for readings, and one for the rest.
    let both = async {
        while sim.stats().logins < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await
        }
    };
    tokio::time::timeout(Duration::from_secs(10), both).await.unwrap();
    house.set_password("r", Device::DEFAULT_PASSWORD).await;
    house.read("r").await.unwrap();
    let nas = house.sqlite.nas_by_name("r").await.unwrap().unwrap();
    let elsewhere = Vault::ephemeral();
    let sealed = elsewhere.seal(&Device::DEFAULT_PASSWORD.into(), PasswordPlace::of(&nas.config));
    house.edit("r", NasPatch { password: Some(sealed), ..NasPatch::default() }).await;
    house.read("r").await.unwrap();
    assert_eq!(sim.stats().logins, 2);
    house.edit("r", interval(50)).await;
    let status = shown(&house, "r").await;
    assert_eq!(status.phase, Phase::PasswordLost, "at the next start its key is needed");
    assert!(status.message.unwrap().contains(&elsewhere.fingerprint()));
}

/// A house whose router refuses the password it is given.
async fn refused() -> (Supervised, SimRouter) {
    let house = Supervised::start().await;
    let sim = house.router("r", world(), "wrong", 40).await;
    house.when("r", |status| status.phase == Phase::LoginRefused).await;
    (house, sim)
}

fn interval(ms: u32) -> NasPatch {
    NasPatch { interval_ms: Some(Some(ms)), ..NasPatch::default() }
}

#[tokio::test]
async fn what_the_old_password_led_to_is_not_said_of_the_new_one() {
    let (house, _sim) = refused().await;
    house.set_password("r", Device::DEFAULT_PASSWORD).await;
    let status = shown(&house, "r").await;
    assert_eq!((status.phase.is_trouble(), status.message), (false, None), "{:?}", status.phase);
    house.when("r", |status| status.phase == Phase::Online).await;
}

#[tokio::test]
async fn what_was_said_of_one_address_is_not_said_of_another() {
    let house = Supervised::start().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    house.add("r", closed, Device::DEFAULT_PASSWORD, Some(40)).await;
    house.when("r", |status| status.phase == Phase::Unreachable).await;
    let sim = start(world()).await;
    house.move_to("r", sim.addr(), Device::DEFAULT_PASSWORD).await;
    let status = shown(&house, "r").await;
    assert_eq!((status.phase.is_trouble(), status.message), (false, None), "{:?}", status.phase);
}

#[tokio::test]
async fn a_failure_is_shown_with_its_begin_while_the_way_to_the_router_is_the_same() {
    let (house, _sim) = refused().await;
    let before = shown(&house, "r").await;
    house.edit("r", interval(50)).await;
    house.edit("r", NasPatch { link_speed_bps: Some(None), ..NasPatch::default() }).await;
    let after = shown(&house, "r").await;
    assert_eq!((after.phase, after.since, after.message), (before.phase, before.since, before.message));
}

#[tokio::test]
async fn a_switch_shows_at_once() {
    let house = Supervised::start().await;
    let _sim = house.covered_router("r", world(), 40).await;
    house.set_enabled("r", false).await;
    assert_eq!(shown(&house, "r").await.phase, Phase::Disabled);
    house.set_enabled("r", true).await;
    assert_ne!(shown(&house, "r").await.phase, Phase::Disabled);
}

#[tokio::test]
async fn a_lost_password_is_told_at_once_and_not_after_it_is_set() {
    let house = Supervised::start().await;
    let _sim = house.covered_router("r", world(), 40).await;
    let lost = NasPatch { password: Some(SealedPassword(vec![7; 60])), ..NasPatch::default() };
    house.edit("r", lost).await;
    let since = shown(&house, "r").await;
    assert_eq!(since.phase, Phase::PasswordLost);
    house.edit("r", interval(50)).await;
    assert_eq!(shown(&house, "r").await.since, since.since, "nothing began anew");
    house.set_password("r", Device::DEFAULT_PASSWORD).await;
    let status = shown(&house, "r").await;
    assert_eq!((status.phase.is_trouble(), status.message), (false, None), "{:?}", status.phase);
}
