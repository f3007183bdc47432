//! A router that does not let us in, or not everywhere: said in one sentence, and not knocked at again and again.

use std::time::Duration;

use operations::{ErrorKind, Phase, RouterCommandError};
use routeros_sim::faults::Fault;
use routeros_sim::world::{Device, Personality, Policies, Policy, User, World};

use super::patience::{a_while, until};
use super::polled::{Polled, Setting};
use super::supervised::Supervised;

fn device() -> Device {
    Device::new("r", Personality::V7_20, 7)
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_the_right_one_at_once() {
    let house = Supervised::start().await;
    let sim = house.router("r", World::new(device()), "wrong", 50).await;
    let status = house.when("r", |status| status.phase == Phase::LoginRefused).await;
    let message = status.message.unwrap();
    assert!(
        message.contains("/user group set GROUP policy=api,read") && !message.contains("wrong"),
        "{message}"
    );
    assert_eq!(status.errors[&ErrorKind::Login], 1);
    a_while(2_500).await;
    let stats = sim.stats();
    assert_eq!(
        (stats.refused_logins, stats.logins),
        (1, 0),
        "the control connection does not knock by itself: {stats:?}"
    );
    house.set_password("r", Device::DEFAULT_PASSWORD).await;
    house.when("r", |status| status.phase == Phase::Online).await;
    assert_eq!(sim.stats().refused_logins, stats.refused_logins);
}

#[tokio::test]
async fn a_user_that_may_not_read_is_told_the_command_that_mends_it() {
    let mut device = device();
    let nothing = Policies::READ_ONLY.without(Policy::Read);
    device.users = vec![User::new(Device::DEFAULT_USER, Device::DEFAULT_PASSWORD, nothing)];
    let polled = Polled::of(World::new(device), Setting::default()).await;
    polled.when_troubled(Phase::NoRights, "/user group set GROUP policy=api,read").await;
}

/// The rounds of this router are an hour apart: what its first one, or the one after a change on the router, came to
/// must show at once.
#[tokio::test]
async fn what_the_router_refuses_shows_with_the_first_round_it_stops() {
    let seldom = || Setting { interval: Duration::from_secs(3_600), ..Setting::default() };
    let mut device = device();
    let nothing = Policies::READ_ONLY.without(Policy::Read);
    device.users = vec![User::new(Device::DEFAULT_USER, Device::DEFAULT_PASSWORD, nothing)];
    let first = Polled::of(World::new(device), seldom()).await;
    let status = first.when_troubled(Phase::NoRights, "/user group set GROUP policy=api,read").await;
    assert_eq!(status.errors.get(&ErrorKind::Rights), Some(&1));

    let later = Polled::start(seldom()).await;
    let fault = later.sim.faults().always_on("/interface", Fault::MissingMenu);
    let asked = later.read().await.unwrap_err();
    assert!(asked.to_string().contains("does not know /interface/print"), "{asked}");
    later.when_troubled(Phase::ProtocolError, "does not know /interface/print").await;
    later.sim.faults().disarm(fault);
    later.read().await.unwrap();
    later.when(|status| status.phase == Phase::Online && status.message.is_none()).await;
    assert_eq!(later.sim.stats().logins, 1, "the connection was kept");
}

#[tokio::test]
async fn what_was_mended_on_the_router_is_read_again_without_a_hand_here() {
    let mut world = World::new(device());
    world.add_usual_interfaces();
    let polled = Polled::of(world, Setting::default()).await;
    polled.covered().await;
    for (fault, phase, says) in [
        (Fault::MissingMenu, Phase::ProtocolError, "/system package print"),
        (Fault::NoRights, Phase::NoRights, "/user group set GROUP policy=api,read"),
    ] {
        let fault = polled.sim.faults().always_on("/ppp/active", fault);
        polled.sim.drop_connections();
        polled.when_troubled(phase, says).await;
        let logins = polled.sim.stats().logins;
        until("it was tried on a new connection", || polled.sim.stats().logins > logins + 1).await;
        polled.sim.faults().disarm(fault);
        polled.when_well().await;
    }
}

async fn refused(polled: &Polled, phase: Phase, says: &str) {
    polled.when_troubled(phase, says).await;
    let before = polled.sim.stats();
    a_while(1_500).await;
    let after = polled.sim.stats();
    assert_eq!((after.connections, after.sentences), (before.connections, before.sentences));
}

#[tokio::test]
async fn a_user_that_may_not_use_the_api_is_a_refused_login() {
    let mut device = device();
    let no_api = Policies::READ_ONLY.without(Policy::Api);
    device.users = vec![User::new(Device::DEFAULT_USER, Device::DEFAULT_PASSWORD, no_api)];
    let polled = Polled::of(World::new(device), Setting::default()).await;
    refused(&polled, Phase::LoginRefused, "/user group set GROUP policy=api,read").await;
    assert_eq!(polled.sim.stats().refused_logins, 1);
}

/// A twin of the wrong password: the router's own login trap, whatever it says, is never answered by knocking on.
#[tokio::test]
async fn a_login_that_is_refused_later_on_is_not_retried_either() {
    let polled = Polled::start(Setting::default()).await;
    polled.sim.faults().always_on("/login", Fault::AuthFailure);
    polled.sim.drop_connections();
    polled.when(|status| status.phase == Phase::LoginRefused).await;
    let refused = polled.sim.stats().refused_logins;
    a_while(1_500).await;
    assert_eq!((refused, polled.sim.stats().refused_logins), (1, 1));
    let asked = polled.read().await.unwrap_err();
    assert!(
        matches!(&asked, RouterCommandError::Refused(why) if why.contains("refused the login")),
        "{asked}"
    );
}
