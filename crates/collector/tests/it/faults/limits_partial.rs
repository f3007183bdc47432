//! A look of which a table came in part: what is missing in it is not gone, and nothing is changed for it (routeros.md §8, trap 10).

use std::time::Duration;

use routeros_sim::faults::{Cut, Fault};
use store::{LimitSubject, RateLimitRepository};

use super::limits::{Scene, eva, phone};

const TABLET: &str = "AA:BB:CC:00:00:02";

/// A town where two devices and two lines are limited, so that half of a table is somebody.
async fn town() -> Scene {
    let scene = Scene::of(|_| ()).await;
    scene.sim.with_world(|world| {
        world.log_in("ben", TABLET, 8_000_000, 40_000_000);
        world.connect("bob", routeros_sim::world::Service::Pppoe, "AA:BB:CC:00:00:08", 8_000_000, 40_000_000);
        world.advance(Duration::from_secs(30));
    });
    scene.house.read("r").await.unwrap();
    let tablet = LimitSubject::Device(TABLET.as_bytes().to_vec());
    for subject in [phone(), tablet, eva(), LimitSubject::Ppp(b"bob".to_vec())] {
        scene.set(subject, 1_000_000, 2_000_000).await.unwrap();
    }
    scene.until_ours(4).await;
    scene
}

/// A pass that goes through, with nothing to do.
async fn until_looked_at(scene: &Scene) {
    for _ in 0..600 {
        match scene.keep(None, false).await {
            Ok(kept) => return assert_eq!(kept.commands, Vec::<String>::new()),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    panic!("the router is not looked at any more");
}

#[tokio::test]
async fn half_a_table_changes_nothing_however_it_breaks_off() {
    let scene = town().await;
    until_looked_at(&scene).await;
    let before = scene.sim.stats().prints;
    until_looked_at(&scene).await;
    let counts = scene.sim.stats().prints;
    let tables: Vec<_> = counts
        .iter()
        .filter(|(path, count)| before.get(*path) != Some(count))
        .map(|(path, _)| path)
        .collect();
    for table in ["/queue/simple/print", "/ip/hotspot/active/print", "/ppp/active/print"] {
        assert!(tables.iter().any(|path| *path == table), "{tables:?}");
    }
    let (queues, limits) = (scene.queues().await, scene.house.sqlite.limits(None).await.unwrap());
    let sent = scene.sim.changes().len();
    for path in tables {
        for fault in [Fault::trap_after(1), Fault::cut_after(1, Cut::Drop)] {
            let fault_id = scene.sim.faults().always_on(path, fault.clone());
            let kept = scene.keep(None, false).await;
            scene.sim.faults().disarm(fault_id);
            assert!(kept.is_err(), "{path}, {fault:?}: {kept:?}");
            assert_eq!(scene.sim.changes().len(), sent, "{path}, {fault:?}");
            until_looked_at(&scene).await;
        }
    }
    assert_eq!((scene.queues().await, scene.sim.changes().len()), (queues, sent));
    assert_eq!(scene.house.sqlite.limits(None).await.unwrap(), limits, "nor does one end for it");
}
