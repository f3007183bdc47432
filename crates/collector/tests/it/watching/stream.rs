//! One command for all, whoever comes and goes.

use std::time::Duration;

use operations::{SampleSource, Watched};
use routeros_sim::server::TimeMode;
use routeros_sim::world::{FirstSample, FixedKind, Service, Switches};

use super::scene::{Scene, ppp, told, world};
use crate::sim::MAC;

#[tokio::test]
async fn all_of_a_router_are_one_command_and_the_first_sample_is_shown_to_nobody() {
    let mut world = world(Switches { first_sample: FirstSample::Zero, ..Switches::default() });
    world.connect("ana", Service::Pppoe, MAC, 8_000, 80_000);
    world.connect("bob", Service::Pppoe, MAC, 16_000, 160_000);
    world.add_fixed_interface("vlan9", FixedKind::Vlan, 3_000, 4_000);
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let (ana, bob) = (scene.watch(ppp("ana")), scene.watch(ppp("bob")));
    let vlan = scene.watch(Watched::Interface { name: (*b"vlan9").into() });
    for _ in 0..2 {
        let samples = scene.next().await;
        let seen: Vec<_> = samples.iter().map(|sample| (sample.customer.id, told(sample))).collect();
        let rates = |name: &str, up, down| (name.to_owned(), up, down);
        assert_eq!(
            seen,
            [
                (ana, rates("<pppoe-ana>", 8_000, 80_000)),
                (bob, rates("<pppoe-bob>", 16_000, 160_000)),
                (vlan, rates("vlan9", 3_000, 4_000)),
            ]
        );
        let sources: Vec<_> = samples.iter().map(|sample| sample.reading.source).collect();
        assert_eq!(sources, [SampleSource::Session, SampleSource::Session, SampleSource::Facing]);
    }
    assert_eq!((scene.sim.stats().monitors, scene.sim.stats().running_monitors), (1, 1));
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn who_comes_costs_the_others_a_sample_at_most_and_who_goes_none() {
    let mut world = world(Switches { first_sample: FirstSample::IsTrue, ..Switches::default() });
    for (name, rate) in [("ana", 1_000), ("bob", 2_000)] {
        world.connect(name, Service::Pppoe, MAC, rate, rate);
    }
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let ana = scene.watch(ppp("ana"));
    let before = scene.next_of(ana, |_| true).await;
    let bob = scene.watch(ppp("bob"));
    let with_bob = scene.next_of(bob, |_| true).await;
    let after = scene.next_of(ana, |_| true).await;
    let lasted = (after.at.0 - before.at.0).cast_unsigned();
    let told = after.no - before.no;
    // At one sample a second, of which one may be lost; less than a second is the time that it took to ask anew.
    assert!(told + 1 >= lasted / 1_000_000, "{told} samples in {lasted} us");
    assert_eq!(scene.sim.stats().running_monitors, 1);
    let begun = scene.sim.stats().monitors;
    scene.leave(bob);
    let mut last = scene.next_of(ana, |sample| sample.at > with_bob.at).await;
    while scene.sim.stats().monitors == begun {
        let next = scene.next_of(ana, |_| true).await;
        assert_eq!(next.no, last.no + 1);
        last = next;
    }
    scene.leave(ana);
    scene.until("the router is left alone", |scene| scene.sim.stats().running_monitors == 0).await;
    assert_eq!(scene.sim.stats().monitors, begun + 1);
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn two_sessions_of_a_login_are_one_sample() {
    let mut world = world(Switches::default());
    for rate in [1_000, 20_000] {
        world.connect("ana", Service::Pppoe, MAC, rate, rate * 2);
    }
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let ana = scene.watch(ppp("ana"));
    let sample = scene.next_of(ana, |_| true).await;
    assert_eq!(told(&sample), ("<pppoe-ana-1>, <pppoe-ana>".to_owned(), 21_000, 42_000));
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn a_crowd_is_gathered_into_few_commands() {
    let mut world = world(Switches::default());
    for number in 0..40 {
        world.connect(format!("u{number}"), Service::Pppoe, MAC, 1_000, 1_000);
    }
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let mut last = None;
    for number in 0..40 {
        last = Some(scene.watch(ppp(&format!("u{number}"))));
        tokio::task::yield_now().await;
    }
    scene.next_of(last.unwrap(), |_| true).await;
    let samples = scene.next().await;
    assert_eq!(samples.len(), 40);
    let stats = scene.sim.stats();
    assert_eq!(stats.running_monitors, 1);
    assert!(stats.monitors <= 3, "{} commands", stats.monitors);
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn one_more_viewer_each_second_leaves_the_others_their_samples() {
    let mut world = world(Switches::default());
    for number in 0..9 {
        world.connect(format!("u{number}"), Service::Pppoe, MAC, 1_000, 1_000);
    }
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let first = scene.watch(ppp("u0"));
    let before = scene.next_of(first, |_| true).await;
    for number in 1..9 {
        scene.watch(ppp(&format!("u{number}")));
        tokio::time::sleep(Duration::from_millis(1_000)).await;
    }
    let told = scene.live.look(first).1.unwrap().no - before.no;
    assert!(told >= 3, "{told} samples in 8 s, at most each second one can be lost");
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn who_is_watched_by_something_else_is_told_of_that_alone() {
    let mut world = world(Switches::default());
    world.connect("ana", Service::Pppoe, MAC, 1_000, 1_000);
    world.add_queue("q1", "192.168.7.7/32", 400_000, 600_000);
    let mut scene = Scene::new(world, TimeMode::Wall).await;
    let ana = scene.watch(ppp("ana"));
    scene.next_of(ana, |_| true).await;
    scene.watch_by(ana, Watched::Queue { name: (*b"q1").into() });
    let by_queue = scene.next_of(ana, |sample| sample.reading.source != SampleSource::Session).await;
    scene.until("nothing is measured", |scene| scene.sim.stats().running_monitors == 0).await;
    let next = scene.next_of(ana, |sample| sample.at > by_queue.at).await;
    assert_eq!(told(&next).0, "q1");
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn a_busy_router_is_asked_less() {
    let mut world = world(Switches { first_sample: FirstSample::IsTrue, ..Switches::default() });
    world.device_mut().cpu_load = Some(97);
    world.connect("ana", Service::Pppoe, MAC, 1_000, 1_000);
    let mut scene = Scene::new(world, TimeMode::Virtual).await;
    let ana = scene.watch(ppp("ana"));
    scene.until("it is shown", |scene| scene.status.get(super::scene::NAS).unwrap().watching.slowed).await;
    let watching = scene.status.get(super::scene::NAS).unwrap().watching;
    assert_eq!((watching.cpu_load_percent, watching.streams), (Some(97), true));
    assert!(watching.commands_last_minute > 3, "{watching:?}");
    scene.until("the stream is begun anew", |scene| scene.sim.stats().monitors == 2).await;
    let first = scene.next_of(ana, |_| true).await;
    let mut last = first;
    // What was on its way comes first.
    loop {
        let next = scene.next_of(ana, |_| true).await;
        if next.at.0 - last.at.0 > 4_000_000 {
            break;
        }
        last = next;
    }
    scene.leaves_nothing().await;
}
