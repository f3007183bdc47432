//! Names that hurt, on every release: each octet to the right login, bytewise.

use routeros_sim::names::HURTING;
use routeros_sim::world::{Device, Personality, Service, World};

use super::books::{assert_exact, surf, totals, truth};
use super::supervised::Supervised;

fn hurting(personality: Personality) -> World {
    let mut world = World::new(Device::new("r", personality, personality as u64));
    world.add_usual_interfaces();
    dial(&mut world, Service::Pppoe);
    world
}

fn dial(world: &mut World, service: Service) {
    for (number, name) in HURTING.iter().enumerate() {
        world.connect(name, service, format!("AA:BB:CC:00:00:{number:02X}"), 0, 0);
    }
}

#[tokio::test]
async fn each_octet_goes_to_the_right_login_on_every_release() {
    let house = Supervised::start().await;
    for personality in Personality::ALL {
        let name = personality.version();
        let sim = house.covered_router(name, hurting(personality), 50).await;
        sim.with_world(surf);
        house.read(name).await.unwrap();
        assert_eq!(totals(&house.sqlite, Some(name)).await.len(), HURTING.len());
        assert_exact(&house.sqlite, &truth(&sim), Some(name)).await;
        sim.with_world(|world| dial(world, Service::Pppoe));
        sim.with_world(|world| dial(world, Service::L2tp));
        sim.with_world(surf);
        house.read(name).await.unwrap();
        assert_exact(&house.sqlite, &truth(&sim), Some(name)).await;
        house.set_enabled(name, false).await;
    }
}
