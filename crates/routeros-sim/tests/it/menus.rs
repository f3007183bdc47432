//! Rows, properties, queries and traps of every menu.

use std::time::Duration;

use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{
    Device, HardwareId, InterfaceRow, Personality, Policies, Policy, Service, Switches, UptimeStyle, User,
    World,
};

use crate::client::{Client, End, words};

pub(crate) const MAC: &str = "D0:D0:4B:36:7C:C1";

/// A router with ana and bob on PPPoE, eva on L2TP, an idle binding and the usual interfaces, 44m55s after boot.
fn world(personality: Personality) -> World {
    let mut world = World::new(Device::new("tower-1", personality, 7));
    world.add_usual_interfaces();
    world.add_binding("pppoe-in1", "carl");
    world.connect("ana", Service::Pppoe, MAC, 8_000_000, 80_000_000);
    world.connect("bob", Service::Pppoe, MAC, 0, 0);
    world.connect("eva", Service::L2tp, "192.0.2.9", 0, 0);
    world.advance(Duration::from_secs(44 * 60 + 55));
    world
}

async fn router(personality: Personality) -> (SimRouter, Client) {
    started(world(personality)).await
}

async fn started(world: World) -> (SimRouter, Client) {
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let client = Client::login(&router).await;
    (router, client)
}

#[tokio::test]
async fn interface_rows_carry_both_counters_from_the_routers_view_without_stats() {
    let (_router, mut client) = router(Personality::V7_20).await;
    let rows = client.call(Command::new("/interface/print").query("?type=pppoe-in")).await.ok();
    let names: Vec<String> = rows.iter().map(|row| row.text("name")).collect();
    assert_eq!(names, ["pppoe-in1", "<pppoe-ana>", "<pppoe-bob>"]);
    let ana = &rows[1];
    let seconds = 44 * 60 + 55;
    assert_eq!((ana.number("rx-byte"), ana.number("tx-byte")), (1_000_000 * seconds, 10_000_000 * seconds));
    assert_eq!(ana.text("dynamic"), "true");
    assert_eq!(ana.text("mtu"), "1480");
    assert!(routeros_proto::value::item_id(ana.get(".id").expect("has an id")).expect("an id") >= 0xF0_0000);
    assert_eq!((rows[0].text("running"), rows[0].text("dynamic")), ("false".into(), "false".into()));
    assert_eq!(rows[0].get("last-link-up-time"), None);
}

#[tokio::test]
async fn a_type_filter_keeps_the_uplinks_traffic_out() {
    let (_router, mut client) = router(Personality::V6_49).await;
    let all = client.print("/interface/print", &["name", "type", "rx-byte"]).await.ok();
    assert_eq!(all.len(), 8);
    let uplink = all.iter().find(|row| row.text("name") == "ether1").expect("an uplink");
    assert!(uplink.number("rx-byte") > u64::from(u32::MAX));
    let any =
        Command::new("/interface/print").proplist(&["name"]).query_any_of("type", &["l2tp-in", "pppoe-in"]);
    assert_eq!(client.call(any).await.ok().len(), 4);
}

#[tokio::test]
async fn ids_come_only_when_listed_and_unlisted_properties_stay_away() {
    let (_router, mut client) = router(Personality::V7_12).await;
    let rows = client.print("/ppp/active/print", &["name"]).await.ok();
    assert!(rows.iter().all(|row| row.0.len() == 1 && row.get("name").is_some()));
    let rows = client.print("/ppp/active/print", &[".id", "name", "no-such-property"]).await.ok();
    assert!(rows.iter().all(|row| row.0.len() == 2 && row.get(".id").is_some()));
}

#[tokio::test]
async fn ppp_active_has_no_octet_counters() {
    let (_router, mut client) = router(Personality::V7_20).await;
    let rows = client.call(Command::new("/ppp/active/print")).await.ok();
    let ana = &rows[0];
    let names: Vec<String> =
        ana.0.iter().map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect();
    let expected = [
        ".id",
        "name",
        "service",
        "caller-id",
        "address",
        "uptime",
        "encoding",
        "session-id",
        "limit-bytes-in",
        "limit-bytes-out",
        "radius",
    ];
    assert_eq!(names, expected);
    assert_eq!(ana.text("session-id"), "0x81100000");
    assert_eq!(rows[2].text("session-id"), "0x81100002");
    assert_eq!(ana.text("uptime"), "44m55s");
    assert_eq!(ana.text("caller-id"), MAC);
    assert_eq!((ana.text("limit-bytes-in"), ana.text("limit-bytes-out")), ("0".into(), "0".into()));
}

#[tokio::test]
async fn server_tables_name_the_owner_of_each_interface_and_list_idle_bindings() {
    let (router, mut client) = router(Personality::V7_20).await;
    let rows = client.call(Command::new("/interface/pppoe-server/print")).await.ok();
    assert_eq!(rows.len(), 3);
    let idle = &rows[0];
    assert_eq!(
        (idle.text("name"), idle.text("user"), idle.text("running")),
        ("pppoe-in1".into(), "carl".into(), "false".into())
    );
    assert_eq!(idle.get("uptime"), None);
    let ana = &rows[1];
    assert_eq!(
        (ana.text("name"), ana.text("user"), ana.text("uptime")),
        ("<pppoe-ana>".into(), "ana".into(), "44m55s".into())
    );
    assert_eq!((ana.text("remote-address"), ana.text("interface")), (MAC.into(), "vlan100".into()));
    router.with_world(|world| world.connect("carl", Service::Pppoe, MAC, 0, 0));
    let rows = client.call(Command::new("/interface/pppoe-server/print").query("?name=pppoe-in1")).await.ok();
    assert_eq!((rows[0].text("running"), rows[0].text("uptime")), ("true".into(), "0s".into()));
    let l2tp = client.call(Command::new("/interface/l2tp-server/print")).await.ok();
    assert_eq!((l2tp[0].text("name"), l2tp[0].text("user")), ("<l2tp-eva>".into(), "eva".into()));
    for twin in ["pptp", "sstp", "ovpn"] {
        let rows = client.call(Command::new(&format!("/interface/{twin}-server/print"))).await.ok();
        assert!(rows.is_empty());
    }
}

#[tokio::test]
async fn only_7_18_and_later_say_empty_before_done() {
    for (personality, says_empty) in
        [(Personality::V6_49, false), (Personality::V7_12, false), (Personality::V7_20, true)]
    {
        let (_router, mut client) = router(personality).await;
        let answer = client.call(Command::new("/interface/print").query("?name=nobody")).await;
        assert_eq!(answer.end, End::Done { ret: None, was_empty: says_empty });
    }
}

#[tokio::test]
async fn system_menus_tell_version_uptime_identity_and_hardware() {
    let (router, mut client) = router(Personality::V6_49).await;
    let resource = client.call(Command::new("/system/resource/print")).await.ok().remove(0);
    assert_eq!(
        (resource.text("uptime"), resource.text("version")),
        ("44m55s".into(), "6.49.18 (long-term)".into())
    );
    assert!(resource.text("build-time").starts_with("feb/28/2025"), "{}", resource.text("build-time"));
    assert_eq!(resource.get(".id"), None);
    assert_eq!(client.call(Command::new("/system/identity/print")).await.ok()[0].text("name"), "tower-1");
    let board = client.call(Command::new("/system/routerboard/print")).await.ok().remove(0);
    assert_eq!(board.text("serial-number"), "SIM000000007");
    router.with_world(|world| {
        world.device_mut().hardware = HardwareId::License { system_id: "abcDEF".into() };
        world.device_mut().uptime_style = UptimeStyle::Colon;
    });
    assert!(client.call(Command::new("/system/routerboard/print")).await.ok()[0].0.is_empty());
    assert_eq!(client.call(Command::new("/system/license/print")).await.ok()[0].text("system-id"), "abcDEF");
    let colon = client.print("/system/resource/print", &["uptime"]).await.ok();
    assert_eq!(colon[0].text("uptime"), "00:44:55");
}

#[tokio::test]
async fn dates_are_written_as_the_release_writes_them() {
    for (personality, date) in [(Personality::V6_49, "nov/21/2025"), (Personality::V7_20, "2025-11-21")] {
        let (_router, mut client) = router(personality).await;
        let clock = client.call(Command::new("/system/clock/print")).await.ok().remove(0);
        assert_eq!((clock.text("date"), clock.text("time")), (date.into(), "05:24:55".into()));
        let ether = client.call(Command::new("/interface/print").query("?name=ether1")).await.ok().remove(0);
        assert_eq!(ether.text("last-link-up-time"), format!("{date} 04:40:00"));
    }
}

#[tokio::test]
async fn rows_may_be_empty_and_counted_but_never_skipped() {
    let (_router, mut client) = router(Personality::V7_20).await;
    let rows = client.print("/ip/service/print", &["comment"]).await.ok();
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().all(|row| row.0.is_empty()));
    let services = client.call(Command::new("/ip/service/getall").query("?name=api")).await.ok();
    assert_eq!((services[0].number("port"), services[0].number("max-sessions")), (8728, 20));
}

#[tokio::test]
async fn count_only_answers_in_the_done() {
    let (_router, mut client) = router(Personality::V7_20).await;
    let counted =
        client.call(Command::new("/interface/print").attr("count-only", "").query("?type=pppoe-in")).await;
    assert!(counted.rows.is_empty());
    assert_eq!(counted.end, End::Done { ret: Some(b"3".to_vec()), was_empty: false });
}

#[tokio::test]
async fn active_api_users_are_listed() {
    let (router, mut client) = router(Personality::V7_20).await;
    let second = Client::login(&router).await;
    let rows = client.call(Command::new("/user/active/print")).await.ok();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (rows[0].text("name"), rows[0].text("via"), rows[0].text("address")),
        ("admin".into(), "api".into(), "127.0.0.1".into())
    );
    drop(second);
    while client.call(Command::new("/user/active/print")).await.ok().len() > 1 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn unknown_paths_arguments_and_ids_are_trapped_and_the_connection_goes_on() {
    let (_router, mut client) = router(Personality::V7_20).await;
    let cases = [
        ("/nowhere/print", "no such command prefix"),
        ("/interface/explode", "no such command"),
        ("/system/identity/listen", "no such command"),
        ("print", "no such command"),
    ];
    for (path, message) in cases {
        assert_eq!(client.call(Command::new(path)).await.trap(), message, "{path}");
    }
    let stats = client.call(Command::new("/ppp/active/print").attr("stats", "")).await;
    assert_eq!(stats.trap(), "unknown parameter stats");
    assert_eq!(client.call(Command::new("/interface/print").attr("stats", "")).await.ok().len(), 8);
    for (id, message) in
        [("*FFFF", "no such item (4)"), ("", "expected item id"), ("ana", "no such item (4)")]
    {
        let answer = client.call(Command::new("/ppp/active/remove").attr(".id", id)).await;
        assert!(answer.trap().contains(message), "{id}: {answer:?}");
    }
    assert_eq!(client.call(Command::new("/system/identity/print")).await.ok().len(), 1);
}

#[tokio::test]
async fn removing_an_active_row_ends_the_session_and_its_interface_and_it_may_redial() {
    let (router, mut client) = router(Personality::V7_20).await;
    router.with_world(|world| world.device_mut().switches.redial_after_kick = Some(Duration::from_secs(1)));
    let rows = client.call(Command::new("/ppp/active/print").query("?name=ana")).await.ok();
    let removed = client.call(Command::new("/ppp/active/remove").attr(".id", rows[0].text(".id"))).await;
    assert!(removed.ok().is_empty());
    assert!(client.call(Command::new("/interface/print").query("?name=<pppoe-ana>")).await.ok().is_empty());
    let stale = client.call(Command::new("/ppp/active/remove").attr("numbers", rows[0].text(".id"))).await;
    assert_eq!(stale.trap(), "no such item (4)");
    router.with_world(|world| world.advance(Duration::from_secs(2)));
    let again = client.call(Command::new("/ppp/active/print").query("?name=ana")).await.ok();
    assert_eq!(again[0].text("uptime"), "1s");
    assert_ne!(again[0].text(".id"), rows[0].text(".id"));
    assert_ne!(again[0].text("session-id"), rows[0].text("session-id"));
}

#[tokio::test]
async fn counters_can_be_reset_by_hand_over_the_api() {
    let (_router, mut client) = router(Personality::V7_20).await;
    client.call(Command::new("/interface/reset-counters").attr("numbers", "<pppoe-ana>")).await.ok();
    let rows = client.call(Command::new("/interface/print").query("?name=<pppoe-ana>")).await.ok();
    assert_eq!(rows[0].number("tx-byte"), 0);
}

#[tokio::test]
async fn rights_are_those_of_the_user() {
    let mut world = world(Personality::V7_20);
    let users = &mut world.device_mut().users;
    users.push(User::new("meter", "m", Policies::READ_ONLY));
    users.push(User::new("writer", "w", Policies::of(&[Policy::Api, Policy::Write])));
    users.push(User::new("winbox", "x", Policies::FULL.without(Policy::Api)));
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");

    let mut meter = Client::connect(router.addr()).await;
    meter.log_in("meter", "m").await.expect("may log in");
    assert_eq!(meter.print("/ppp/active/print", &["name"]).await.ok().len(), 3);
    let removed = meter.call(Command::new("/ppp/active/remove").attr(".id", "*1")).await;
    assert_eq!(removed.trap(), "not enough permissions (9)");

    let mut writer = Client::connect(router.addr()).await;
    writer.log_in("writer", "w").await.expect("may log in");
    assert_eq!(writer.call(Command::new("/ppp/active/print")).await.trap(), "not enough permissions (9)");

    let mut winbox = Client::connect(router.addr()).await;
    assert!(winbox.log_in("winbox", "x").await.is_err());
}

#[tokio::test]
async fn booleans_tags_and_noise_follow_their_switches() {
    let mut world = world(Personality::V7_20);
    world.device_mut().switches = Switches {
        boolean_words: routeros_sim::world::BooleanWords::YesNo,
        tag_place: routeros_sim::world::TagPlace::Last,
        extra_property: true,
        duplicate_attribute: true,
        unknown_property: routeros_sim::world::UnknownProperty::DropsRows,
        ..Switches::default()
    };
    let (_router, mut client) = started(world).await;
    let print = Command::new("/interface/print").proplist(&["name", "dynamic"]).query("?name=<pppoe-ana>");
    client.send(&print.tag(routeros_proto::Tag(5))).await;
    let row = ["!re", "=name=<pppoe-ana>", "=dynamic=yes", "=not-asked-for=1", "=dynamic=yes", ".tag=5"];
    assert_eq!(client.words().await, words(&row));
    assert_eq!(client.words().await, words(&["!done", ".tag=5"]));
    assert!(client.print("/interface/print", &["name", "typo"]).await.ok().is_empty());
}

#[tokio::test]
async fn ids_of_server_rows_may_differ_from_those_of_interfaces() {
    for different in [false, true] {
        let mut device = Device::new("r", Personality::V7_20, 1);
        if different {
            device.switches.server_ids = routeros_sim::world::ServerIds::Different;
        }
        let mut world = World::new(device);
        world.connect("ana", Service::Pppoe, MAC, 0, 0);
        world.connect("bob", Service::Pppoe, MAC, 0, 0);
        let (_router, mut client) = started(world).await;
        let interfaces = client.print("/interface/print", &[".id", "name"]).await.ok();
        let servers = client.print("/interface/pppoe-server/print", &[".id", "name"]).await.ok();
        assert_eq!(interfaces[0].text("name"), servers[0].text("name"));
        assert_eq!(interfaces[0].get(".id") == servers[0].get(".id"), !different);
        assert_eq!(interfaces[1].get(".id") == servers[0].get(".id"), different, "the sequences overlap");
    }
}

#[tokio::test]
async fn a_lingering_interface_row_outlives_its_session_but_not_its_server_row() {
    let mut device = Device::new("r", Personality::V7_20, 1);
    device.switches.interface_row = InterfaceRow::Lingers(Duration::from_millis(500));
    let mut world = World::new(device);
    let ana = world.connect("ana", Service::Pppoe, MAC, 0, 0);
    world.transfer(ana, 3, 4);
    world.disconnect(ana);
    let (router, mut client) = started(world).await;
    let rows = client.call(Command::new("/interface/print")).await.ok();
    assert_eq!((rows[0].number("rx-byte"), rows[0].text("running")), (3, "false".into()));
    assert!(client.call(Command::new("/ppp/active/print")).await.ok().is_empty());
    assert!(client.call(Command::new("/interface/pppoe-server/print")).await.ok().is_empty());
    router.with_world(|world| world.advance(Duration::from_millis(500)));
    assert!(client.call(Command::new("/interface/print")).await.ok().is_empty());
}

#[tokio::test]
async fn the_calendar_can_be_stepped_without_touching_the_uptime() {
    let (router, mut client) = router(Personality::V6_49).await;
    router.with_world(|world| world.set_calendar(86_400));
    let clock = client.call(Command::new("/system/clock/print")).await.ok().remove(0);
    assert_eq!((clock.text("date"), clock.text("time")), ("jan/02/1970".into(), "00:00:00".into()));
    assert_eq!(client.print("/system/resource/print", &["uptime"]).await.ok()[0].text("uptime"), "44m55s");
}
