//! Questions, which pages ask again and again and which change nothing, are answered without a row.

use operations::{RouterCommandError, TrafficLook};
use serde_json::json;
use server::Order;

use super::contract::{remotely, router};
use super::{Device, HASTY, House, not_done};

fn look() -> TrafficLook {
    TrafficLook { at: Some((accounting::time::Micros(7), 3)), left_off: 4, ..TrafficLook::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_are_answered_and_nothing_is_written_down() {
    let house = House::new().await;
    let commanded = remotely(&house);
    *house.desk.commands.traffic.lock().unwrap() = Ok(look());
    let nas = router(&house).await;
    assert_eq!(commanded.commands.look_at_traffic(nas.clone()).await, Ok(look()));
    let sought = operations::HostSought { mac: None, address: None };
    let hosts = commanded.commands.hotspot_hosts(nas, sought).await;
    assert_eq!(hosts, Err(RouterCommandError::TimedOut), "as the fake says");
    assert_eq!(house.desk.store.list_commands(9).await, Ok(Vec::new()));
}

/// Whatever keeps the table of commands from being read or written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_do_not_wait_for_the_table_of_commands() {
    let house = House::new().await;
    let commanded = remotely(&house);
    *house.desk.commands.traffic.lock().unwrap() = Ok(look());
    let nas = router(&house).await;
    house.hide_commands(true);
    assert_eq!(commanded.commands.look_at_traffic(nas).await, Ok(look()));
    house.hide_commands(false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_nobody_answers_in_time_is_given_up_and_never_looked_into() {
    let house = House::new().await;
    let order = Order::new(Some(house.nas), "look_at_traffic", json!(null), HASTY);
    let told = not_done(house.web().ask("east", house.nas, order.clone()).await);
    assert!(told.contains("the process east was asked and did not answer"), "{told}");
    let (device, _sight) = Device::new();
    let _east = house.east(&device);
    house.until_given(0);
    assert_eq!((device.times(order.id), house.desk.store.list_commands(9).await), (0, Ok(Vec::new())));
}
