//! Interfaces that go while they are measured, or before: whatever the router makes of it (U1), the others are measured on, and
//! nobody is shown what is not so.

use std::time::Duration;

use operations::{Standing, Watched};
use routeros_sim::server::TimeMode;
use routeros_sim::world::{BadMonitorName, FirstSample, FixedKind, Service, Switches, VanishedInterface};

use tokio::time::Instant;

use super::scene::{Scene, ppp, told, world};
use crate::sim::MAC;

/// Ana and Bob are watched; Bob's session ends, and later he dials in again and has another interface.
async fn bob_goes_and_comes(switches: Switches) {
    let mut world = world(Switches { name_held: Duration::from_secs(60), ..switches });
    world.connect("ana", Service::Pppoe, MAC, 1_000, 10_000);
    let key = world.connect("bob", Service::Pppoe, MAC, 2_000, 20_000);
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let (ana, bob) = (scene.watch(ppp("ana")), scene.watch(ppp("bob")));
    scene.next_of(bob, |_| true).await;
    scene.sim.with_world(|world| world.disconnect(key));
    scene.until_stands(bob, |standing| *standing == Standing::NoSession).await;
    scene.forget_what_was_told();
    scene.next_of_all_but(bob, ana).await;
    let while_away = scene.next_of_all_but(bob, ana).await;
    scene.sim.with_world(|world| world.connect("bob", Service::Pppoe, MAC, 3_000, 30_000));
    let back = scene.next_of(bob, |sample| sample.at > while_away.at).await;
    assert_eq!(told(&back), ("<pppoe-bob-1>".to_owned(), 3_000, 30_000), "{switches:?}");
    let on = scene.next_of(ana, |sample| sample.at >= back.at).await;
    assert_eq!(told(&on), ("<pppoe-ana>".to_owned(), 1_000, 10_000));
    assert_eq!(scene.sim.stats().running_monitors, 1);
    scene.leaves_nothing().await;
}

/// What of it each test tries: how a list of names with a bad one is taken, and what the first sample shows.
async fn whatever(vanished_interface: VanishedInterface) {
    let scripts = [BadMonitorName::SpoilsAll, BadMonitorName::IsLeftOut].map(|bad_monitor_name| {
        let first_sample = match bad_monitor_name {
            BadMonitorName::SpoilsAll => FirstSample::Zero,
            BadMonitorName::IsLeftOut => FirstSample::IsTrue,
        };
        bob_goes_and_comes(Switches {
            vanished_interface,
            bad_monitor_name,
            first_sample,
            ..Switches::default()
        })
    });
    let [one, other] = scripts;
    tokio::join!(one, other);
}

#[tokio::test]
async fn an_interface_that_goes_ends_the_command() {
    whatever(VanishedInterface::Traps).await;
    whatever(VanishedInterface::Ends).await;
}

#[tokio::test]
async fn an_interface_that_goes_silences_the_command() {
    whatever(VanishedInterface::Silences).await;
}

#[tokio::test]
async fn the_row_of_an_interface_that_goes_stands_still() {
    whatever(VanishedInterface::Freezes).await;
}

#[tokio::test]
async fn the_row_of_an_interface_that_goes_is_left_out() {
    whatever(VanishedInterface::LosesItsRow).await;
}

#[tokio::test]
async fn an_interface_that_goes_between_the_look_and_the_command_spoils_it_for_nobody_else() {
    for bad_monitor_name in [BadMonitorName::SpoilsAll, BadMonitorName::IsLeftOut] {
        let mut world = world(Switches { bad_monitor_name, ..Switches::default() });
        world.connect("ana", Service::Pppoe, MAC, 1_000, 10_000);
        let key = world.connect("bob", Service::Pppoe, MAC, 2_000, 20_000);
        let mut scene = Scene::new(world, TimeMode::Virtual).await;
        scene.until("it is listened to", |scene| scene.sim.stats().listens == 1).await;
        // The answer is made before the action of the second print of anything that comes after it.
        scene.sim.at_print("/system/resource/print", 1, move |world| world.disconnect(key));
        let (ana, bob) = (scene.watch(ppp("ana")), scene.watch(ppp("bob")));
        let sample = scene.next_of(ana, |_| true).await;
        assert_eq!(told(&sample), ("<pppoe-ana>".to_owned(), 1_000, 10_000));
        scene.until_stands(bob, |standing| *standing == Standing::NoSession).await;
        assert_eq!(scene.live.look(bob).1, None, "nothing was ever shown of Bob");
        scene.leaves_nothing().await;
    }
}

#[tokio::test]
async fn who_dials_in_anew_under_the_same_name_is_not_shown_what_was() {
    let mut world = world(Switches { vanished_interface: VanishedInterface::Freezes, ..Switches::default() });
    let key = world.connect("bob", Service::Pppoe, MAC, 2_000, 20_000);
    let mut scene = Scene::new(world, TimeMode::Wall).await;
    let bob = scene.watch(ppp("bob"));
    scene.next_of(bob, |_| true).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    scene.sim.with_world(|world| world.reconnect_at(key, 700_000, 800_000));
    let sample = scene.next_of(bob, |sample| sample.reading.input_bps > 600_000).await;
    assert_eq!(told(&sample).0, "<pppoe-bob>");
    scene.leaves_nothing().await;
}

/// No session tells that an interface goes that faces somebody.
async fn a_facing_interface_goes(vanished_interface: VanishedInterface) {
    let mut world = world(Switches { vanished_interface, ..Switches::default() });
    for (name, rate) in [("vlan8", 8_000), ("vlan9", 9_000)] {
        world.add_fixed_interface(name, FixedKind::Vlan, rate, rate);
    }
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let faces = |name: &[u8]| Watched::Interface { name: name.into() };
    let (stays, goes) = (scene.watch(faces(b"vlan8")), scene.watch(faces(b"vlan9")));
    scene.next_of(goes, |_| true).await;
    scene.sim.with_world(|world| world.remove_interface("vlan9"));
    let gone_at = Instant::now();
    scene.until_stands(goes, |standing| *standing == Standing::NoSession).await;
    // What stands still shows itself only when all are looked up again, every 30 s; all else is noticed before.
    let noticed = gone_at.elapsed() < Duration::from_secs(20);
    assert!(noticed || vanished_interface == VanishedInterface::Freezes, "{vanished_interface:?}");
    scene.forget_what_was_told();
    scene.next_of_all_but(goes, stays).await;
    let on = scene.next_of_all_but(goes, stays).await;
    assert_eq!(told(&on), ("vlan8".to_owned(), 8_000, 8_000), "{vanished_interface:?}");
    assert_eq!(scene.sim.stats().running_monitors, 1);
    scene.leaves_nothing().await;
}

/// What was measured stands still, and another is there under its name before anybody looks.
async fn a_facing_interface_is_made_anew() {
    let frozen = Switches { vanished_interface: VanishedInterface::Freezes, ..Switches::default() };
    let mut world = world(frozen);
    world.add_fixed_interface("vlan9", FixedKind::Vlan, 9_000, 9_000);
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let made_anew = scene.watch(Watched::Interface { name: b"vlan9".as_slice().into() });
    scene.next_of(made_anew, |_| true).await;
    scene.sim.with_world(|world| {
        world.remove_interface("vlan9");
        world.add_fixed_interface("vlan9", FixedKind::Vlan, 7_000, 7_000);
    });
    let sample = scene.next_of(made_anew, |sample| sample.reading.input_bps == 7_000).await;
    assert_eq!(told(&sample), ("vlan9".to_owned(), 7_000, 7_000));
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn an_interface_that_faces_somebody_goes_unheard() {
    tokio::join!(
        a_facing_interface_is_made_anew(),
        a_facing_interface_goes(VanishedInterface::Traps),
        a_facing_interface_goes(VanishedInterface::Ends),
        a_facing_interface_goes(VanishedInterface::Silences),
        a_facing_interface_goes(VanishedInterface::Freezes),
        a_facing_interface_goes(VanishedInterface::LosesItsRow),
    );
}
