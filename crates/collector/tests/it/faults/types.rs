//! Services whose interfaces have a type that no query of ours names: counted to the octet all the same.

use routeros_sim::world::{Device, L2tpType, Personality, Service, Switches, World};

use super::polled::{Polled, Setting};

fn odd_types() -> World {
    let switches = Switches { l2tp_type: L2tpType::Unknown, ..Switches::default() };
    World::new(Device { switches, ..Device::new("odd", Personality::V7_20, 7) })
}

fn dial(polled: &Polled, login: &str) {
    polled.world(|world| {
        let key = world.connect(login, Service::L2tp, b"192.0.2.7", 0, 0);
        world.transfer(key, 1_111, 2_222);
    });
}

#[tokio::test]
async fn every_octet_from_the_second_round_on_is_counted_and_none_before_coverage() {
    let mut world = odd_types();
    let before = world.connect("bob", Service::L2tp, b"192.0.2.8", 0, 0);
    world.transfer(before, 5_000, 7_000);
    let polled = Polled::of(world, Setting::default()).await;
    polled.covered().await;
    polled.when(|status| status.rounds_total >= 3).await;
    polled.surf();
    polled.assert_exact().await;
    dial(&polled, "eva");
    polled.read().await.unwrap();
    polled.surf();
    polled.assert_exact().await;
    let status = polled.when(|status| status.rounds_total > 3).await;
    assert_eq!(status.last_round.unwrap().sessions_without_counter, 0);
}

/// None ran when coverage began, so no print of the counters ever shows a new one by itself.
#[tokio::test]
async fn the_first_of_its_kind_is_counted_from_its_begin_two_rounds_later() {
    let polled = Polled::of(odd_types(), Setting::default()).await;
    polled.covered().await;
    polled.surf();
    polled.assert_exact().await;
    dial(&polled, "eva");
    polled.read().await.unwrap();
    polled.surf();
    polled.assert_exact().await;
}

#[tokio::test]
async fn more_than_one_round_asks_for_by_name_are_all_counted() {
    let polled = Polled::of(odd_types(), Setting::default()).await;
    polled.covered().await;
    for number in 0..150 {
        dial(&polled, &format!("late{number}"));
    }
    for _ in 0..9 {
        polled.read().await.unwrap();
    }
    polled.surf();
    polled.assert_exact().await;
}
