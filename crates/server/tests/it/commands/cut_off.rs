//! Redis breaks in between: the answer is lost, or it is started again, or it is not there at all.

use super::{Device, HASTY, House, PATIENT, Point, done, not_done, unknown};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_is_looked_up() {
    let house = House::new().await;
    let (device, _sight) = Device::new();
    let _east = house.east(&device);
    let order = house.order(HASTY);
    assert_eq!(house.deaf_web().ask("east", house.nas, order.clone()).await, done());
    assert_eq!(device.times(order.id), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_started_again_in_between_costs_nothing() {
    let mut house = House::new().await;
    let (device, mut sight) = Device::new();
    let _east = house.east(&device.holding(Point::After));
    let (web, nas, order) = (house.web(), house.nas, house.order(PATIENT));
    let asked = tokio::spawn({
        let order = order.clone();
        async move { web.ask("east", nas, order).await }
    });
    assert_eq!((sight.recv().await, sight.recv().await), (Some(Point::Before), Some(Point::After)));
    house.redis.kill();
    house.redis.start_again();
    device.on.add_permits(1);
    assert_eq!(asked.await.unwrap(), done());
    assert_eq!(device.times(order.id), 1);
    let another = house.order(PATIENT);
    device.on.add_permits(1);
    assert_eq!(house.web().ask("east", nas, another.clone()).await, done(), "east hears again");
    assert_eq!((device.times(order.id), device.times(another.id)), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_nothing_is_done_and_that_is_said_at_once() {
    let mut house = House::new().await;
    let (device, _sight) = Device::new();
    let _east = house.east(&device);
    house.redis.kill();
    let order = house.order(PATIENT);
    let begun = tokio::time::Instant::now();
    let told = not_done(house.web().ask("east", house.nas, order.clone()).await);
    assert!(begun.elapsed() < PATIENT / 2, "it waited for nobody");
    assert!(told.contains("where Redis should be") && told.contains("will not be done any more"), "{told}");
    house.redis.start_again();
    assert_eq!(device.times(order.id), 0);
}

/// Another run of that name may have begun it: who cannot look must not say that nothing was done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_database_does_not_say_whether_it_was_begun_it_is_not_known() {
    let house = House::new().await;
    let (device, _sight) = Device::new();
    let _east = house.east(&device);
    let order = house.order(HASTY);
    house.hide_commands(true);
    let told = unknown(house.web().ask("east", house.nas, order.clone()).await);
    assert!(told.contains("the database cannot be asked either"), "{told}");
    house.hide_commands(false);
    assert_eq!((device.times(order.id), house.desk.store.list_commands(9).await.unwrap().len()), (0, 0));
}
