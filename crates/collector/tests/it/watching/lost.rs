//! Connections that break while somebody is watched.

use std::time::Duration;

use operations::Standing;
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Service, Switches, VanishedInterface, World};

use super::scene::{Scene, ppp, told, world};
use crate::sim::MAC;

fn is_trouble(standing: &Standing) -> bool {
    matches!(standing, Standing::Trouble(_))
}

#[tokio::test]
async fn a_connection_that_breaks_is_said_and_watching_goes_on_with_the_next() {
    let mut world = world(Switches::default());
    world.connect("ana", Service::Pppoe, MAC, 1_000, 10_000);
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let ana = scene.watch(ppp("ana"));
    let before = scene.next_of(ana, |_| true).await;
    scene.sim.drop_connections();
    scene.until_stands(ana, is_trouble).await;
    let after = scene.next_of(ana, |sample| sample.at > before.at).await;
    assert_eq!(told(&after), ("<pppoe-ana>".to_owned(), 1_000, 10_000));
    assert_eq!((scene.sim.stats().monitors, scene.sim.stats().running_monitors), (2, 1));
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn a_router_that_reboots_is_watched_again_with_its_new_sessions() {
    let mut world = world(Switches::default());
    world.connect("ana", Service::Pppoe, MAC, 1_000, 10_000);
    let mut scene = Scene::new(world, TimeMode::Wall).await;
    let ana = scene.watch(ppp("ana"));
    scene.next_of(ana, |_| true).await;
    scene.sim.with_world(|world| world.reboot_and_redial(Duration::from_secs(2), Duration::from_secs(1)));
    scene.sim.drop_connections();
    scene.until_stands(ana, is_trouble).await;
    scene.next_of(ana, |_| true).await;
    assert_eq!(scene.sim.stats().running_monitors, 1);
    scene.leaves_nothing().await;
}

/// A router without the package `ppp` knows no `/ppp/active`, and one may not let our user listen.
async fn not_listened_to(world: World, question_every: Duration) -> Scene {
    let sim = SimRouter::start(world, Options { time: TimeMode::Virtual }).await.unwrap();
    let refuses = Cut::Trap("no such command prefix".to_owned());
    sim.faults().always_on("/ppp/active/listen", Fault::cut_after(0, refuses));
    let mut target = crate::sim::target(&sim);
    target.deadlines.question_every = question_every;
    Scene::of(sim, target)
}

#[tokio::test]
async fn where_listening_is_refused_who_is_watched_is_watched_all_the_same_and_it_is_tried_again() {
    let mut world = world(Switches::default());
    world.connect("ana", Service::Pppoe, MAC, 1_000, 10_000);
    let mut scene = not_listened_to(world, Duration::from_millis(100)).await;
    let ana = scene.watch(ppp("ana"));
    for _ in 0..3 {
        scene.next_of(ana, |_| true).await;
    }
    let listening = scene.ear.listening_state();
    let why = listening.borrow().not_because.clone().unwrap();
    assert!(why.contains("/ppp/active/listen") && why.contains("no such command prefix"), "{why}");
    scene.sim.faults().clear();
    scene.until("it is listened to", |scene| scene.ear.is_listening()).await;
    scene.sim.with_world(|world| world.connect("ben", Service::Pppoe, MAC, 0, 0));
    scene.ear.changed().await;
    scene.next_of(ana, |_| true).await;
    assert_eq!(scene.sim.stats().logins, 1, "all of it on one connection");
    scene.leaves_nothing().await;
}

/// Nobody hears that the session is gone, and its row goes on as if it were not.
#[tokio::test]
async fn where_listening_is_refused_a_row_that_stands_still_is_shown_for_10_s_at_most() {
    let frozen = Switches { vanished_interface: VanishedInterface::Freezes, ..Switches::default() };
    let mut world = world(frozen);
    let key = world.connect("ana", Service::Pppoe, MAC, 1_000, 10_000);
    let mut scene = not_listened_to(world, Duration::from_secs(45)).await;
    let ana = scene.watch(ppp("ana"));
    let before = scene.next_of(ana, |_| true).await;
    scene.sim.with_world(|world| world.disconnect(key));
    scene.until_stands(ana, |standing| *standing == Standing::NoSession).await;
    // One a second.
    let shown = scene.live.look(ana).1.unwrap().no - before.no;
    assert!(shown <= 11, "{shown} samples of what is gone");
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn a_router_that_is_polled_no_longer_is_said_to_be_so() {
    let mut world = world(Switches::default());
    world.connect("ana", Service::Pppoe, MAC, 1_000, 10_000);
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let ana = scene.watch(ppp("ana"));
    scene.next_of(ana, |_| true).await;
    scene.end();
    scene.until_stands(ana, is_trouble).await;
    scene.until("the connection is gone", |scene| scene.sim.stats().open_connections == 0).await;
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn who_is_to_be_watched_while_there_is_no_connection_is_told_why() {
    let mut world = world(Switches::default());
    world.connect("ana", Service::Pppoe, MAC, 1_000, 10_000);
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    scene.sim.set_listening(false).await;
    scene.sim.drop_connections();
    let mut listening = scene.ear.listening_state();
    listening.wait_for(|listening| listening.not_because.is_some()).await.unwrap();
    let ana = scene.watch(ppp("ana"));
    scene
        .until_stands(
            ana,
            |standing| matches!(standing, Standing::Trouble(why) if why.contains("refused the connection")),
        )
        .await;
    scene.sim.set_listening(true).await;
    scene.next_of(ana, |_| true).await;
    scene.leaves_nothing().await;
}
