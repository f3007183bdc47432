//! `/queue/simple`: what a row says, what passes a queue, and what happens to its counter.

use std::time::Duration;

use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{Device, Octets, Personality, QueueSet, World};

use crate::client::{Answer, Client};

/// A router with one queue, whose target sends 8 and receives 40 Mbit/s.
async fn router(queue_set: QueueSet) -> (SimRouter, Client) {
    let mut device = Device::new("r", Personality::V7_20, 1);
    device.switches.queue_set = queue_set;
    let mut world = World::new(device);
    world.add_usual_interfaces();
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let mut client = Client::login(&router).await;
    call(&mut client, "/queue/simple/add", &[("name", "ana"), ("target", "10.0.0.7")]).await;
    assert!(router.with_world(|world| world.set_rates_through("ana", 8_000_000, 40_000_000)));
    (router, client)
}

async fn call(client: &mut Client, path: &str, settings: &[(&str, &str)]) -> Answer {
    let command =
        settings.iter().fold(Command::new(path), |command, (name, value)| command.attr(name, value));
    client.call(command).await
}

async fn shown(client: &mut Client, property: &str) -> String {
    let print = Command::new("/queue/simple/print").proplist(&[property]);
    client.call(print).await.ok().remove(0).text(property)
}

fn pass_a_second(router: &SimRouter) {
    router.with_world(|world| world.advance(Duration::from_secs(1)));
}

#[tokio::test]
async fn a_row_looks_like_captures_21_and_22() {
    let (router, mut client) = router(QueueSet::Keeps).await;
    pass_a_second(&router);
    for (property, value) in [
        (".id", "*1"),
        ("target", "10.0.0.7/32"),
        ("parent", "none"),
        ("priority", "8/8"),
        ("max-limit", "0/0"),
        ("bytes", "1000000/5000000"),
        ("total-bytes", "0"),
        ("dynamic", "false"),
        ("invalid", "false"),
    ] {
        assert_eq!(shown(&mut client, property).await, value, "{property}");
    }
}

#[tokio::test]
async fn traffic_passes_by_while_a_rule_fasttracks_and_while_the_queue_is_disabled() {
    let (router, mut client) = router(QueueSet::Keeps).await;
    pass_a_second(&router);
    let rule = [("chain", "forward"), ("action", "fasttrack-connection")];
    call(&mut client, "/ip/firewall/filter/add", &rule).await;
    pass_a_second(&router);
    assert_eq!(shown(&mut client, "bytes").await, "1000000/5000000");
    call(&mut client, "/ip/firewall/filter/set", &[(".id", "*1"), ("disabled", "yes")]).await;
    pass_a_second(&router);
    assert_eq!(shown(&mut client, "bytes").await, "2000000/10000000");
    call(&mut client, "/queue/simple/set", &[("numbers", "ana"), ("disabled", "yes")]).await;
    pass_a_second(&router);
    assert_eq!(shown(&mut client, "bytes").await, "2000000/10000000");
    let truth = router.with_world(|world| world.traffic_of_queue("ana"));
    assert_eq!(truth, Octets::new(4_000_000, 20_000_000));
}

#[tokio::test]
async fn a_reset_and_a_reboot_start_the_counter_over_and_the_truth_goes_on() {
    let (router, mut client) = router(QueueSet::Keeps).await;
    pass_a_second(&router);
    call(&mut client, "/queue/simple/reset-counters", &[("numbers", "ana")]).await;
    assert_eq!(shown(&mut client, "bytes").await, "0/0");
    pass_a_second(&router);
    router.with_world(World::reboot);
    let mut client = Client::login(&router).await;
    assert_eq!(shown(&mut client, "bytes").await, "0/0");
    pass_a_second(&router);
    assert_eq!(shown(&mut client, "bytes").await, "1000000/5000000");
    let truth = router.with_world(|world| world.traffic_of_queue("ana"));
    assert_eq!(truth, Octets::new(3_000_000, 15_000_000));
}

#[tokio::test]
async fn a_set_keeps_the_counter_or_starts_it_over() {
    for (queue_set, bytes) in [(QueueSet::Keeps, "1000000/5000000"), (QueueSet::StartsOver, "0/0")] {
        let (router, mut client) = router(queue_set).await;
        pass_a_second(&router);
        call(&mut client, "/queue/simple/set", &[("numbers", "ana"), ("max-limit", "1000/2000")]).await;
        assert_eq!(shown(&mut client, "bytes").await, bytes, "{queue_set:?}");
    }
}

#[tokio::test]
async fn a_target_is_an_interface_or_a_prefix_and_a_parent_is_there() {
    let (_router, mut client) = router(QueueSet::Keeps).await;
    for wrong in [("target", "02:00:00:00:00:01"), ("target", "10.0.0.0/33"), ("parent", "nobody")] {
        let refused = call(&mut client, "/queue/simple/set", &[("numbers", "ana"), wrong]).await;
        let said = refused.trap();
        assert_eq!(said, format!("input does not match any value of {}", wrong.0));
    }
    let several = [("numbers", "ana"), ("target", "vlan100,2001:db8::/56,10.1.0.0/16")];
    call(&mut client, "/queue/simple/set", &several).await;
    assert_eq!(shown(&mut client, "target").await, "vlan100,2001:db8::/56,10.1.0.0/16");
}
