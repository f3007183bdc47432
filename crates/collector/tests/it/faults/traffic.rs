//! What users of the hotspot move, while somebody looks: nothing is asked before, and nothing is changed for it.

use std::time::Duration;

use operations::{TrafficSeen, UserTraffic};
use routeros_proto::Command;
use routeros_sim::server::SimRouter;
use store::{NasId, NasRepository, RateLimit};

use super::supervised::Supervised;
use crate::sim;

const AN_HOUR_MS: u32 = 3_600_000;

struct Scene {
    house: Supervised,
    sim: SimRouter,
    nas: NasId,
}

impl Scene {
    /// ana and bob at the hotspot; both move as time does.
    async fn new() -> Scene {
        let house = Supervised::start().await;
        let mut world = sim::world();
        world.add_hotspot("hotspot1");
        let sim = house.covered_router("r", world, AN_HOUR_MS).await;
        sim.with_world(|world| {
            world.log_in("ana", "AA:BB:CC:00:00:01", 8_000, 40_000);
            world.log_in("bob", "AA:BB:CC:00:00:02", 0, 0);
            world.advance(Duration::from_secs(30));
        });
        house.read("r").await.unwrap();
        let nas = house.sqlite.nas_by_name("r").await.unwrap().unwrap().id;
        Scene { house, sim, nas }
    }

    /// Looks, until that is so.
    async fn until(&self, is_so: impl Fn(&TrafficSeen) -> bool) -> TrafficSeen {
        let board = self.house.limits.traffic();
        for _ in 0..600 {
            board.ask();
            if let Some(seen) = board.of(self.nas).filter(&is_so) {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{:?}", board.of(self.nas));
    }
}

fn users(seen: &TrafficSeen) -> Vec<UserTraffic> {
    seen.read.as_ref().map(|read| read.users.to_vec()).unwrap_or_default()
}

#[tokio::test]
async fn users_are_shown_with_rates_from_the_second_look_on_and_nothing_is_changed() {
    let scene = Scene::new().await;
    assert_eq!(scene.house.limits.traffic().of(scene.nas), None, "nobody looked");
    let others = Command::new("/queue/simple/add").attr("name", "others").attr("target", "0.0.0.0/0");
    let others = others.attr("max-limit", "1000000/2000000").attr("comment", "tikmeter limit");
    sim::link(&scene.sim).await.print(&others, |_: routeros_proto::Reply<'_>| ()).await.unwrap();
    let changes = scene.sim.changes().len();
    let first = users(&scene.until(|seen| seen.read.is_some()).await);
    let [ana, bob] = &*first else { panic!("{first:?}") };
    assert_eq!((&*ana.user, &*ana.mac), (&b"ana"[..], &b"AA:BB:CC:00:00:01"[..]));
    assert!(ana.octets.input >= 30_000 && ana.octets.output >= 150_000, "{ana:?}");
    assert_eq!((ana.rate, &*bob.user), (None, &b"bob"[..]));
    let limit = RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) };
    assert_eq!(ana.queue.map(|queue| queue.rate), Some(Some(limit)));
    let has_rates =
        |seen: &TrafficSeen| users(seen).iter().all(|user| user.rate.is_some()) && !users(seen).is_empty();
    let second = users(&scene.until(has_rates).await);
    let (up, down) = second[0].rate.unwrap();
    assert!(up > 0 && (4 * up..6 * up).contains(&down), "{second:?}");
    assert_eq!((second[1].rate, scene.sim.changes().len()), (Some((0, 0)), changes));
    scene.sim.set_listening(false).await;
    scene.sim.drop_connections();
    let gone = scene.until(|seen| seen.trouble.is_some()).await;
    assert_eq!(users(&gone).len(), 2, "what it showed stays");
}
