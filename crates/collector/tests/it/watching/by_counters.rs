//! Those whom no list of interfaces shows: their counters are read twice.

use std::time::Duration;

use operations::{LiveSample, SampleSource, Standing, Watched};
use routeros_sim::faults::Fault;
use routeros_sim::server::TimeMode;
use routeros_sim::world::{BadMonitorName, Service, Switches};

use super::scene::{Scene, ppp, told, world};
use crate::sim::MAC;

const PHONE: &[u8] = b"AA:BB:CC:00:00:02";
const CAMERA: &[u8] = b"AA:BB:CC:00:00:03";

/// About the rates, up and down, that the script gave; read over some seconds.
fn is_about(sample: &LiveSample, up: u64, down: u64) -> bool {
    let SampleSource::Counters { over } = sample.reading.source else { return false };
    let near = |told: u64, rate: u64| told.abs_diff(rate) <= rate / 4;
    over >= Duration::from_secs(4)
        && near(sample.reading.input_bps, up)
        && near(sample.reading.output_bps, down)
}

#[tokio::test]
async fn a_name_with_a_comma_a_user_a_device_and_a_queue_are_counted_twice() {
    let mut world = world(Switches::default());
    world.add_hotspot("wifi");
    world.connect("a,b", Service::Pppoe, MAC, 100_000, 900_000);
    world.connect("ana", Service::Pppoe, MAC, 1_000, 1_000);
    world.log_in("guest", PHONE, 200_000, 800_000);
    world.bypass(CAMERA);
    world.appear(CAMERA, 300_000, 700_000);
    world.add_queue("q1", "192.168.7.7/32", 400_000, 600_000);
    let mut scene = Scene::new(world, TimeMode::Wall).await;
    let comma = scene.watch(ppp("a,b"));
    let ana = scene.watch(ppp("ana"));
    let guest = scene.watch(Watched::Hotspot { user: (*b"guest").into() });
    let camera = scene.watch(Watched::Device { mac: CAMERA.into() });
    let queue = scene.watch(Watched::Queue { name: (*b"q1").into() });
    let lost = scene.watch(Watched::Hotspot { user: (*b"nobody").into() });
    let streamed = scene.next_of(ana, |_| true).await;
    assert_eq!(streamed.reading.source, SampleSource::Session);
    let first = scene.next_of(comma, |_| true).await;
    assert!(is_about(&first, 100_000, 900_000), "{first:?}");
    assert_eq!(told(&first).0, "<pppoe-a,b>");
    for (who, name, up, down) in [
        (guest, "AA:BB:CC:00:00:02", 200_000, 800_000),
        (camera, "AA:BB:CC:00:00:03", 300_000, 700_000),
        (queue, "q1", 400_000, 600_000),
    ] {
        let last = scene.live.look(who).1.expect("all of them were read with the first");
        assert!(is_about(&last, up, down), "{last:?}");
        assert_eq!(told(&last).0, name);
    }
    assert_eq!(scene.live.look(lost), (Standing::NoSession, None));
    assert_eq!(scene.sim.stats().running_monitors, 1);
    // The comma's counters and the others' were one print of each menu.
    let asked = scene.sim.stats().prints.clone();
    assert!(asked.get("/ip/hotspot/active/print").copied().unwrap_or_default() <= 3, "{asked:?}");
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn where_the_router_gives_no_samples_counters_are_read_instead() {
    let mut world = world(Switches::default());
    world.connect("ana", Service::Pppoe, MAC, 100_000, 900_000);
    let mut scene = Scene::new(world, TimeMode::Wall).await;
    scene.sim.faults().always_on("/interface/monitor-traffic", Fault::NoRights);
    let ana = scene.watch(ppp("ana"));
    let sample = scene.next_of(ana, |_| true).await;
    assert!(is_about(&sample, 100_000, 900_000), "{sample:?}");
    assert_eq!(scene.sim.stats().running_monitors, 0);
    scene.leaves_nothing().await;
}

#[tokio::test]
async fn one_that_the_router_measures_in_no_list_is_counted_and_the_others_are_measured() {
    for bad_monitor_name in [BadMonitorName::SpoilsAll, BadMonitorName::IsLeftOut] {
        let mut world = world(Switches { bad_monitor_name, ..Switches::default() });
        for login in ["ana", "bob", "cat", "dan"] {
            world.connect(login, Service::Pppoe, MAC, 100_000, 900_000);
        }
        world.refuse_to_monitor("<pppoe-cat>", true);
        let mut scene = Scene::new(world, TimeMode::Wall).await;
        let [ana, bob, cat, dan] = ["ana", "bob", "cat", "dan"].map(|login| scene.watch(ppp(login)));
        let counted = scene.next_of(cat, |_| true).await;
        assert!(is_about(&counted, 100_000, 900_000), "{counted:?}");
        // Counters were read of all while it was sought whose interface it is.
        for other in [ana, bob, dan] {
            scene.next_of(other, |sample| sample.reading.source == SampleSource::Session).await;
        }
        let sample = scene.next_of(cat, |sample| sample.at > counted.at).await;
        assert!(is_about(&sample, 100_000, 900_000), "{sample:?}");
        assert_eq!(scene.sim.stats().running_monitors, 1);
        scene.leaves_nothing().await;
    }
}
