//! A router that does not let us in, or not everywhere: said in one sentence, and not knocked at again and again.

use operations::{ErrorKind, Phase, RouterCommandError};
use routeros_sim::faults::Fault;
use routeros_sim::world::{Device, Personality, Policies, User, World};

use super::patience::a_while;
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
async fn a_user_that_may_not_read_is_told_the_command_that_mends_it_and_left_in_peace() {
    let mut device = device();
    let nothing = Policies { api: true, read: false, write: false };
    device.users = vec![User::new(Device::DEFAULT_USER, Device::DEFAULT_PASSWORD, nothing)];
    let polled = Polled::of(World::new(device), Setting::default()).await;
    refused(&polled, Phase::NoRights, "/user group set GROUP policy=api,read").await;
}

#[tokio::test]
async fn a_missing_session_table_is_named_and_left_in_peace() {
    let mut world = World::new(device());
    world.add_usual_interfaces();
    let polled = Polled::of(world, Setting::default()).await;
    polled.covered().await;
    polled.sim.faults().always_on("/ppp/active", Fault::MissingMenu);
    polled.sim.drop_connections();
    refused(&polled, Phase::ProtocolError, "/system package print").await;
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
    let no_api = Policies { api: false, read: true, write: false };
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
