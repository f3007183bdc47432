//! Whole polling rounds against the truth: things that happen between the tables, resets, reboots, many sessions.

use std::collections::HashMap;
use std::time::Duration;

use routeros_proto::Command;
use routeros_sim::faults::Fault;
use routeros_sim::names::HURTING;
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Octets, Personality, Service, World};

use crate::client::{Client, End, Row};
use crate::menus::MAC;

const COUNTERS: &[&str] = &[".id", "name", "rx-byte", "tx-byte"];

fn world() -> World {
    World::new(Device::new("r", Personality::V7_20, 1))
}

async fn start(world: World) -> SimRouter {
    SimRouter::start(world, Options::default()).await.expect("a free port")
}

async fn counters(client: &mut Client) -> Vec<Row> {
    client.call(Command::new("/interface/print").proplist(COUNTERS).query("?type=pppoe-in")).await.ok()
}

fn octets(row: &Row) -> Octets {
    Octets::new(row.number("rx-byte"), row.number("tx-byte"))
}

#[tokio::test]
async fn each_hurting_name_can_be_joined_from_session_to_counter() {
    let mut world = world();
    for (at, login) in HURTING.iter().enumerate() {
        let key = world.connect(login, Service::Pppoe, MAC, 0, 0);
        world.transfer(key, at as u64, 1);
    }
    let router = start(world).await;
    let mut client = Client::login(&router).await;
    let owners: HashMap<Vec<u8>, Vec<u8>> = client
        .print("/interface/pppoe-server/print", &["name", "user"])
        .await
        .ok()
        .iter()
        .map(|row| (row.get("name").expect("named").to_vec(), row.get("user").expect("owned").to_vec()))
        .collect();
    let mut counted: HashMap<Vec<u8>, Octets> = HashMap::new();
    for row in counters(&mut client).await {
        counted.insert(owners[row.get("name").expect("named")].clone(), octets(&row));
    }
    let active: Vec<Vec<u8>> = client
        .print("/ppp/active/print", &["name"])
        .await
        .ok()
        .iter()
        .map(|row| row.get("name").expect("named").to_vec())
        .collect();
    assert_eq!(active, HURTING);
    let truth = router.with_world(|world| world.truth().by_login());
    assert_eq!(counted.len(), HURTING.len());
    for (login, total) in counted {
        assert_eq!(truth[&login].total(), total, "{}", login.escape_ascii());
    }
}

#[tokio::test]
async fn a_script_can_act_between_the_tables_of_one_round() {
    let mut world = world();
    let ana = world.connect("ana", Service::Pppoe, MAC, 0, 0);
    let router = start(world).await;
    let mut client = Client::login(&router).await;
    router.at_print("/interface/print", 2, move |world| {
        world.disconnect(ana);
        world.connect("bob", Service::Pppoe, MAC, 0, 0);
    });
    assert_eq!(counters(&mut client).await[0].text("name"), "<pppoe-ana>");
    assert_eq!(client.print("/ppp/active/print", &["name"]).await.ok()[0].text("name"), "ana");
    assert_eq!(counters(&mut client).await[0].text("name"), "<pppoe-bob>");
    assert_eq!(router.stats().prints["/interface/print"], 2);
}

#[tokio::test]
async fn a_reboot_breaks_connections_and_gives_ids_out_again_to_others() {
    let mut world = world();
    world.connect("ana", Service::Pppoe, MAC, 8_000_000, 0);
    let router = start(world).await;
    let mut client = Client::login(&router).await;
    router.with_world(|world| world.advance(Duration::from_secs(100)));
    let before = counters(&mut client).await.remove(0);
    let active_before = client.call(Command::new("/ppp/active/print")).await.ok().remove(0);
    router.at_print("/system/resource/print", 1, World::reboot);
    assert_eq!(
        client.call(Command::new("/system/resource/print")).await.end,
        End::Closed,
        "no !done at a reboot"
    );

    router.with_world(|world| world.connect("bob", Service::Pppoe, MAC, 0, 0));
    let mut client = Client::login(&router).await;
    let after = counters(&mut client).await.remove(0);
    let active_after = client.call(Command::new("/ppp/active/print")).await.ok().remove(0);
    assert_eq!(after.text(".id"), before.text(".id"));
    assert_eq!((after.text("name"), octets(&after)), ("<pppoe-bob>".into(), Octets::default()));
    assert_eq!(active_after.text(".id"), active_before.text(".id"));
    assert_eq!(active_before.text("session-id"), "0x81100000");
    assert_eq!(active_after.text("session-id"), "0x81200000");
    let uptime = client.print("/system/resource/print", &["uptime"]).await.ok();
    assert_eq!(uptime[0].text("uptime"), "0s");
}

#[tokio::test]
async fn after_a_reboot_the_api_may_stay_silent_while_the_uptime_runs() {
    let router = start(world()).await;
    router.with_world(|world| world.reboot_silent_for(Duration::from_secs(30)));
    assert_eq!(Client::connect(router.addr()).await.words().await, None);
    router.with_world(|world| world.advance(Duration::from_secs(31)));
    let mut client = Client::login(&router).await;
    let uptime = client.print("/system/resource/print", &["uptime"]).await.ok();
    assert_eq!(uptime[0].text("uptime"), "31s");
}

#[tokio::test]
async fn only_clean_prints_of_counters_show_a_session() {
    let mut world = world();
    let ana = world.connect("ana", Service::Pppoe, MAC, 0, 0);
    let router = start(world).await;
    let mut client = Client::login(&router).await;
    let shown = || router.with_world(|world| world.truth().session(ana).expect("it was there").shown);
    client.print("/interface/print", &["name", "rx-byte"]).await.ok();
    router.faults().once(Fault::trap_after(1));
    client.call(Command::new("/interface/print")).await.trap();
    client.print("/ppp/active/print", &[".id"]).await.ok();
    client.print("/interface/pppoe-server/print", &["name"]).await.ok();
    assert!(!shown().ever(), "counters, or the login, are what shows a session");
    router.with_world(|world| world.advance(Duration::from_secs(9)));
    counters(&mut client).await;
    client.print("/ppp/active/print", &["name"]).await.ok();
    client.print("/interface/pppoe-server/print", &["name", "user"]).await.ok();
    let shown = shown();
    assert_eq!((shown.counter_prints, shown.session_prints, shown.server_prints), (1, 1, 1));
    assert_eq!(shown.last_us, Some(9_000_000));
}

#[tokio::test]
async fn a_reset_that_overtakes_its_old_value_within_an_interval_is_counted_apart() {
    let mut world = world();
    let ana = world.connect("ana", Service::Pppoe, MAC, 0, 0);
    world.transfer(ana, 100, 100);
    let router = start(world).await;
    let mut client = Client::login(&router).await;
    counters(&mut client).await;

    // 100 shown, 30 more, reset, then 120: the print looks like 20 more.
    router.with_world(|world| {
        world.transfer(ana, 30, 30);
        world.reset_counters("<pppoe-ana>");
        world.transfer(ana, 120, 120);
    });
    assert_eq!(octets(&counters(&mut client).await[0]), Octets::new(120, 120));
    let login = router.with_world(|world| world.truth().login("ana"));
    assert_eq!(login.total(), Octets::new(250, 250));
    assert_eq!(login.hidden_by_reset, Octets::new(130, 130));
    assert_eq!(login.shown, Octets::new(120, 120), "exactly what a poller can add up: 100 and 20");

    // A drop in one direction gives the reset away: nothing more is hidden.
    router.with_world(|world| {
        world.reset_counters("<pppoe-ana>");
        world.transfer(ana, 500, 1);
    });
    counters(&mut client).await;
    let login = router.with_world(|world| world.truth().login("ana"));
    assert_eq!(login.hidden_by_reset, Octets::new(130, 130));
}

#[tokio::test]
async fn a_faster_session_overtakes_the_old_counter_before_the_next_print() {
    let mut world = world();
    let slow = world.connect("ana", Service::Pppoe, MAC, 8_000, 8_000);
    let router = start(world).await;
    let mut client = Client::login(&router).await;
    router.with_world(|world| world.advance(Duration::from_secs(10)));
    let before = counters(&mut client).await.remove(0);
    router.with_world(|world| {
        world.reconnect_at(slow, 800_000, 800_000);
        world.advance(Duration::from_secs(10));
    });
    let after = counters(&mut client).await.remove(0);
    assert_eq!(before.text("name"), after.text("name"));
    assert_ne!(before.text(".id"), after.text(".id"));
    assert_eq!(
        (octets(&before), octets(&after)),
        (Octets::new(10_000, 10_000), Octets::new(1_000_000, 1_000_000))
    );
}

#[tokio::test]
async fn on_host_time_traffic_flows_by_itself() {
    let mut world = world();
    world.connect("ana", Service::Pppoe, MAC, 8_000_000, 0);
    let router = SimRouter::start(world, Options { time: TimeMode::Wall }).await.expect("a free port");
    let mut client = Client::login(&router).await;
    let first = octets(&counters(&mut client).await[0]);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let second = octets(&counters(&mut client).await[0]);
    assert!(second.input >= first.input + 100_000, "{first:?} {second:?}");
    let truth = router.with_world(|world| world.truth().login("ana").total());
    assert!(truth.input >= second.input);
}

#[tokio::test]
async fn a_hundred_thousand_sessions_print_completely_and_their_sum_is_the_truth() {
    const SESSIONS: usize = 100_000;
    let mut world = world();
    for number in 0..SESSIONS as u64 {
        world.connect(format!("user{number}"), Service::Pppoe, MAC, 1_000_003 + number, 7_000_001 + number);
    }
    world.advance(Duration::from_millis(1_234_567));
    let router = start(world).await;
    let mut client = Client::login(&router).await;
    let rows = counters(&mut client).await;
    assert_eq!(rows.len(), SESSIONS);
    let sum: Octets = rows.iter().map(octets).sum();
    let truth = router.with_world(|world| world.truth());
    assert_eq!(sum, truth.total());
    assert!(truth.sessions.iter().all(|session| session.was_shown));
    assert_eq!(client.print("/ppp/active/print", &["session-id"]).await.ok().len(), SESSIONS);
    let counted = client.call(Command::new("/ppp/active/print").attr("count-only", "")).await;
    assert_eq!(counted.end, End::Done { ret: Some(b"100000".to_vec()), was_empty: false });
}

#[tokio::test]
async fn stopping_ends_every_task_and_frees_the_port() {
    let router = start(world()).await;
    let mut client = Client::login(&router).await;
    let addr = router.addr();
    router.stop().await;
    assert_eq!(client.words().await, None);
    let again = SimRouter::start_on(addr, world(), Options::default()).await.expect("the port is free");
    assert_eq!(again.addr(), addr);
    Client::login(&again).await;
}
