//! A reading that somebody asks for: committed when it is answered, and answered within five seconds.

use std::time::Duration;

use operations::{Phase, RouterCommandError, RouterCommands, RouterStatus};
use routeros_sim::faults::Fault;
use routeros_sim::server::SimRouter;
use routeros_sim::world::{Device, Service};
use store::{NasId, NasRepository};
use tokio::time::Instant;

use super::books::{assert_exact, surf, truth};
use super::supervised::Supervised;
use crate::sim::{MAC, world};

const AN_HOUR_MS: u32 = 3_600_000;

/// A router polled once an hour: whatever else is read was asked for.
async fn quiet_house() -> (Supervised, SimRouter) {
    let house = Supervised::start().await;
    let mut world = world();
    for number in 0..10 {
        world.connect(format!("u{number}"), Service::Pppoe, MAC, 0, 0);
    }
    let sim = house.covered_router("r", world, AN_HOUR_MS).await;
    (house, sim)
}

#[tokio::test]
async fn the_answer_names_the_committed_snapshot_and_all_before_it_is_counted() {
    let (house, sim) = quiet_house().await;
    let mut last = house.read("r").await.unwrap();
    for _ in 0..20 {
        sim.with_world(surf);
        let read = house.read("r").await.unwrap();
        assert!(read.poll_seq == last.poll_seq + 1 && read.at > last.at, "{last:?} {read:?}");
        let nas = house.sqlite.nas_by_name("r").await.unwrap().unwrap();
        assert_eq!((nas.poll_seq, nas.last_at), (read.poll_seq, Some(read.at)));
        assert_exact(&house.sqlite, &truth(&sim), None).await;
        last = read;
    }
}

#[tokio::test]
async fn many_who_ask_at_once_share_a_few_rounds() {
    let (house, sim) = quiet_house().await;
    let before = sim.stats().prints["/interface/print"];
    let mut asked = tokio::task::JoinSet::new();
    let nas = house.id("r").await;
    for _ in 0..12 {
        let supervisor = house.supervisor.clone();
        asked.spawn(async move { supervisor.read_now(nas).await });
    }
    for answer in asked.join_all().await {
        answer.unwrap();
    }
    let rounds = sim.stats().prints["/interface/print"] - before;
    assert!((1..=3).contains(&rounds), "{rounds}");
}

#[tokio::test]
async fn a_router_that_keeps_silent_is_given_five_seconds_and_too_many_wishes_are_refused() {
    let (house, sim) = quiet_house().await;
    sim.faults().always_on("/interface/print", Fault::Delay(Duration::from_secs(60)));
    let mut asked = tokio::task::JoinSet::new();
    let nas = house.id("r").await;
    let begun = Instant::now();
    for _ in 0..40 {
        let supervisor = house.supervisor.clone();
        asked.spawn(async move { supervisor.read_now(nas).await });
    }
    let answers = asked.join_all().await;
    assert!(begun.elapsed() >= Duration::from_millis(4_900), "it was given less");
    let refused = |answer: &&Result<_, _>| matches!(answer, Err(RouterCommandError::Refused(_)));
    let timed_out = |answer: &&Result<_, _>| matches!(answer, Err(RouterCommandError::TimedOut));
    let (refused, late) = (answers.iter().filter(refused).count(), answers.iter().filter(timed_out).count());
    assert!(refused + late == 40 && refused >= 20 && late >= 16, "{answers:?}");
}

#[tokio::test]
async fn a_dead_router_is_said_to_be_unreachable_at_once() {
    let (house, sim) = quiet_house().await;
    sim.set_listening(false).await;
    sim.drop_connections();
    let first = house.read("r").await.unwrap_err();
    assert!(matches!(first, RouterCommandError::Unreachable(_)), "{first}");
    let says_so =
        |status: &RouterStatus| status.message.as_deref().is_some_and(|text| text.contains("enable api"));
    house.when("r", |status| status.phase == Phase::Unreachable && says_so(status)).await;
    let second = house.read("r").await.unwrap_err();
    assert!(
        matches!(&second, RouterCommandError::Unreachable(why) if why.contains("/ip service")),
        "{second}"
    );
}

#[tokio::test]
async fn nobody_reads_a_router_that_is_not_polled() {
    let (house, _sim) = quiet_house().await;
    let unknown = house.supervisor.read_now(NasId(999)).await;
    assert_eq!(unknown, Err(RouterCommandError::NotPolled));
    house.set_enabled("r", false).await;
    house.when("r", |status| status.phase == Phase::Disabled).await;
    assert_eq!(house.read("r").await, Err(RouterCommandError::NotPolled));
}

#[tokio::test]
async fn a_wrong_password_is_the_answer_too() {
    let house = Supervised::start().await;
    let _sim = house.router("r", world(), "wrong", AN_HOUR_MS).await;
    house.when("r", |status| status.phase == Phase::LoginRefused).await;
    let answer = house.read("r").await.unwrap_err();
    assert!(
        matches!(&answer, RouterCommandError::Refused(why) if why.contains("refused the login")),
        "{answer}"
    );
    house.set_password("r", Device::DEFAULT_PASSWORD).await;
    house.when("r", |status| status.phase == Phase::Online).await;
    house.read("r").await.unwrap();
}
