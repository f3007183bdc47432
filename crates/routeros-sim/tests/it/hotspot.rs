//! The hotspot: logins, devices let through, roaming, what the user table adds up, and every switch of it.

use std::time::Duration;

use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{
    Access, Device, HostCounters, HotspotIds, HotspotUserCounters, KickReach, KickedDevice, Octets,
    Personality, Roaming, Switches, World,
};

use crate::client::{Client, Row};

const MAC: &str = "2C:54:91:00:00:01";
const OTHER_MAC: &str = "2C:54:91:00:00:02";
const ACTIVE: [&str; 8] =
    [".id", "user", "address", "mac-address", "uptime", "bytes-in", "bytes-out", "login-by"];
const MEGABIT: u64 = 1_000_000;

fn world(switches: Switches) -> World {
    let mut device = Device::new("cafe", Personality::V7_20, 3);
    device.switches = switches;
    let mut world = World::new(device);
    world.add_hotspot("hotspot1");
    world
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

async fn rows(world: World, menu: &str, proplist: &[&str]) -> (SimRouter, Vec<Row>) {
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let rows = Client::login(&router).await.print(menu, proplist).await.ok();
    (router, rows)
}

#[tokio::test]
async fn an_active_row_names_its_user_and_counts_upload_as_bytes_in() {
    let mut world = world(Switches::default());
    world.log_in("ana", MAC, 8 * MEGABIT, 80 * MEGABIT);
    world.advance(seconds(724));
    let (_router, rows) = rows(world, "/ip/hotspot/active/print", &ACTIVE).await;
    let row = &rows[0];
    assert_eq!((row.text("user"), row.text("mac-address")), ("ana".into(), MAC.into()));
    assert_eq!((row.text("uptime"), row.text("login-by")), ("12m4s".into(), "http-chap".into()));
    assert_eq!((row.number("bytes-in"), row.number("bytes-out")), (724_000_000, 7_240_000_000));
    assert_eq!((row.text("address"), row.text(".id")), ("10.5.0.2".into(), "*A050002".into()));
}

#[tokio::test]
async fn ids_come_from_the_address_or_in_sequence() {
    let ids = async |hotspot_ids| {
        let mut world = world(Switches { hotspot_ids, ..Switches::default() });
        let first = world.log_in("ana", MAC, 0, 0);
        world.leave(first);
        world.log_in("bob", OTHER_MAC, 0, 0);
        rows(world, "/ip/hotspot/active/print", &[".id"]).await.1[0].text(".id")
    };
    assert_eq!(ids(HotspotIds::FromAddress).await, "*A050002", "the address, and so the id, is bob's now");
    assert_ne!(ids(HotspotIds::InSequence).await, "*A050002");
}

#[test]
fn a_login_by_cookie_starts_over_and_the_truth_keeps_both() {
    let mut world = world(Switches::default());
    let first = world.log_in("ana", MAC, 8 * MEGABIT, 0);
    world.advance(seconds(10));
    let second = world.reconnect(first);
    assert_eq!(world.counter_of(second), Octets::default());
    world.advance(seconds(5));
    assert_eq!(world.truth().login("ana").total(), Octets::new(15_000_000, 0));
    let truth = world.truth();
    assert_eq!(truth.session(first).unwrap().octets, Octets::new(10_000_000, 0));
    assert_eq!(truth.session(second).unwrap().access, Access::Hotspot);
}

#[test]
fn a_device_that_roams_has_a_new_row_or_keeps_it() {
    let roamed = |roaming, mac: Option<&[u8]>| {
        let mut world = world(Switches { roaming, ..Switches::default() });
        let before = world.log_in("ana", MAC, 8 * MEGABIT, 0);
        world.advance(seconds(10));
        let after = world.roam(before, mac);
        (before == after, world.counter_of(after), world.hotspot_sessions().count())
    };
    assert_eq!(roamed(Roaming::NewRow, None), (false, Octets::default(), 1));
    assert_eq!(roamed(Roaming::KeepsRow, None), (true, Octets::new(10_000_000, 0), 1));
    assert_eq!(roamed(Roaming::KeepsRow, Some(OTHER_MAC.as_bytes())), (false, Octets::default(), 1));
}

#[tokio::test]
async fn a_bypassed_device_is_counted_by_its_host_row_only() {
    let mut world = world(Switches::default());
    world.transfer_unauthorized(MAC, 7, 11);
    world.bypass(MAC);
    let key = world.bypassed_sessions().next().unwrap();
    world.set_rates(key, 8 * MEGABIT, 0);
    world.advance(seconds(3));
    let truth = world.truth();
    assert_eq!(truth.session(key).unwrap().login, b"mac:2C:54:91:00:00:01");
    assert_eq!(truth.session(key).unwrap().octets, Octets::new(3_000_000, 0));
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let mut client = Client::login(&router).await;
    assert!(client.print("/ip/hotspot/active/print", &ACTIVE).await.ok().is_empty());
    let all = ["mac-address", "bytes-in", "bytes-out", "bypassed", "authorized"];
    let hosts = client.print("/ip/hotspot/host/print", &all).await.ok();
    assert_eq!((hosts[0].number("bytes-in"), hosts[0].number("bytes-out")), (3_000_007, 11));
    assert_eq!((hosts[0].text("bypassed"), hosts[0].text("authorized")), ("true".into(), "false".into()));
    assert_eq!(router.with_world(|world| world.truth().session(key).unwrap().shown.counter_prints), 1);
}

#[test]
fn a_host_let_through_goes_on_counting_or_starts_over() {
    let counter = |host_counters| {
        let mut world = world(Switches { host_counters, ..Switches::default() });
        world.log_in("ana", MAC, 8 * MEGABIT, 0);
        world.advance(seconds(2));
        world.bypass(MAC);
        world.counter_of(world.bypassed_sessions().next().unwrap())
    };
    assert_eq!(counter(HostCounters::GoOn), Octets::new(2_000_000, 0));
    assert_eq!(counter(HostCounters::StartOver), Octets::default());
}

#[tokio::test]
async fn users_add_up_live_at_logout_or_never_and_keep_it_over_a_reboot_or_not() {
    let shown = async |hotspot_user_counters, survive, act: fn(&mut World)| {
        let switches = Switches {
            hotspot_user_counters,
            hotspot_user_counters_survive_reboot: survive,
            ..Switches::default()
        };
        let mut world = world(switches);
        world.log_in("ana", MAC, 8 * MEGABIT, 0);
        world.advance(seconds(4));
        act(&mut world);
        let rows = rows(world, "/ip/hotspot/user/print", &["name", "bytes-in"]).await.1;
        rows[0].number("bytes-in")
    };
    let nothing: fn(&mut World) = |_| {};
    let logout: fn(&mut World) = |world| {
        let key = world.hotspot_sessions().next().unwrap();
        world.disconnect(key);
    };
    let reboot: fn(&mut World) = |world| world.reboot();
    assert_eq!(shown(HotspotUserCounters::Live, false, nothing).await, 4_000_000);
    assert_eq!(shown(HotspotUserCounters::AtLogout, false, nothing).await, 0);
    assert_eq!(shown(HotspotUserCounters::AtLogout, false, logout).await, 4_000_000);
    assert_eq!(shown(HotspotUserCounters::Never, false, logout).await, 0);
    assert_eq!(shown(HotspotUserCounters::Live, true, reboot).await, 4_000_000);
    assert_eq!(shown(HotspotUserCounters::Live, false, reboot).await, 0);
}

#[tokio::test]
async fn a_user_reset_or_made_anew_counts_from_there_under_its_id_or_another() {
    let counters = [HotspotUserCounters::Live, HotspotUserCounters::AtLogout];
    for (hotspot_user_counters, shown) in counters.into_iter().zip([1_000_000, 5_000_000]) {
        let mut world = world(Switches { hotspot_user_counters, ..Switches::default() });
        world.add_hotspot_user("ana");
        let key = world.log_in("ana", MAC, 8 * MEGABIT, 0);
        world.advance(seconds(4));
        let router = SimRouter::start(world, Options::default()).await.expect("a free port");
        let mut client = Client::login(&router).await;
        let print = "/ip/hotspot/user/print";
        let id = client.print(print, &[".id"]).await.ok()[0].text(".id");
        client.call(Command::new("/ip/hotspot/user/reset-counters").attr(".id", &id)).await.ok();
        router.with_world(|world| {
            world.advance(seconds(1));
            world.disconnect(key);
        });
        let row = client.print(print, &[".id", "bytes-in"]).await.ok().remove(0);
        assert_eq!((row.text(".id"), row.number("bytes-in")), (id.clone(), shown));
        client.call(Command::new("/ip/hotspot/user/remove").attr("numbers", "ana")).await.ok();
        assert!(client.print(print, &[".id"]).await.ok().is_empty());
        router.with_world(|world| world.add_hotspot_user("ana"));
        let row = client.print(print, &[".id", "bytes-in"]).await.ok().remove(0);
        assert_ne!(row.text(".id"), id);
        assert_eq!(row.number("bytes-in"), 0);
        let unknown = client.call(Command::new("/ip/hotspot/user/remove").attr(".id", &id)).await;
        assert_eq!(unknown.trap(), "no such item (4)");
    }
}

#[test]
fn a_login_whose_user_is_removed_goes_on_and_adds_up_nowhere() {
    let mut world = world(Switches::default());
    let key = world.log_in("ana", MAC, 8 * MEGABIT, 0);
    world.advance(seconds(4));
    world.remove_hotspot_user("ana");
    world.advance(seconds(1));
    assert_eq!(world.counter_of(key), Octets::new(5_000_000, 0));
    world.disconnect(key);
    assert_eq!(world.truth().login("ana").total(), Octets::new(5_000_000, 0));
}

#[tokio::test]
async fn a_removed_login_comes_back_by_its_cookie() {
    let mut world = world(Switches { redial_after_kick: Some(seconds(1)), ..Switches::default() });
    world.log_in("ana", MAC, 0, 0);
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let mut client = Client::login(&router).await;
    let gone = client.call(Command::new("/ip/hotspot/active/remove").attr(".id", "*A050002")).await;
    gone.ok();
    assert!(client.print("/ip/hotspot/active/print", &ACTIVE).await.ok().is_empty());
    router.with_world(|world| world.advance(seconds(1)));
    let back = client.print("/ip/hotspot/active/print", &ACTIVE).await.ok();
    assert_eq!((back[0].text("user"), back[0].text("login-by")), ("ana".into(), "cookie".into()));
    let again = client.call(Command::new("/ip/hotspot/active/remove").attr(".id", "*77")).await;
    assert_eq!(again.trap(), "no such item (4)");
}

/// How devices come back is the switch's; without a cookie on the router the usual one does not.
#[tokio::test]
async fn a_removed_login_whose_cookies_are_removed_too_comes_back_as_the_switch_says() {
    for (kicked_device, login_by) in [
        (KickedDevice::ByItsCookie, None),
        (KickedDevice::ByLogin, Some("http-chap")),
        (KickedDevice::ByHiddenCookie, Some("cookie")),
        (KickedDevice::ByHiddenMacCookie, Some("mac-cookie")),
    ] {
        let switches = Switches { redial_after_kick: Some(seconds(1)), kicked_device, ..Switches::default() };
        let mut world = world(switches);
        world.log_in("ana", MAC, 0, 0);
        world.log_in("ana", OTHER_MAC, 0, 0);
        world.add_mac_cookie("ana", MAC);
        let router = SimRouter::start(world, Options::default()).await.expect("a free port");
        let mut client = Client::login(&router).await;
        let cookies = client.print("/ip/hotspot/cookie/print", &[".id", "mac-address", "mac-cookie"]).await;
        let its: Vec<_> =
            cookies.ok().into_iter().filter(|row| row.get("mac-address") == Some(MAC.as_bytes())).collect();
        let kinds: Vec<String> = its.iter().map(|row| row.text("mac-cookie")).collect();
        assert_eq!(kinds, ["false", "true"]);
        let ids = its.iter().map(|row| row.text(".id")).collect::<Vec<_>>().join(",");
        let remove = |ids: &str| Command::new("/ip/hotspot/cookie/remove").attr(".id", ids);
        assert_eq!(client.call(remove(&format!("{ids},*77"))).await.trap(), "no such item (4)");
        client.call(remove(&ids)).await.ok();
        assert_eq!(
            client.print("/ip/hotspot/cookie/print", &[".id"]).await.ok().len(),
            1,
            "the other device's"
        );
        client.call(Command::new("/ip/hotspot/active/remove").attr(".id", "*A050002")).await.ok();
        router.with_world(|world| world.advance(seconds(1)));
        let rows = client.print("/ip/hotspot/active/print", &["mac-address", "login-by"]).await.ok();
        let back = rows.iter().find(|row| row.get("mac-address") == Some(MAC.as_bytes()));
        assert_eq!(back.map(|row| row.text("login-by")).as_deref(), login_by, "{kicked_device:?}");
        assert_eq!(
            router.changes()[1..],
            [
                format!("/ip/hotspot/cookie/remove =.id={ids}"),
                "/ip/hotspot/active/remove =.id=*A050002".to_owned(),
            ]
        );
    }
}

#[tokio::test]
async fn a_removal_reaches_one_row_or_every_device_or_none_as_the_switches_say() {
    for (kick_reach, kicked_row_stays, left) in [
        (KickReach::OnlyThatRow, false, vec![OTHER_MAC]),
        (KickReach::EveryDeviceOfTheUser, false, vec![]),
        (KickReach::OnlyThatRow, true, vec![MAC, OTHER_MAC]),
    ] {
        let mut world = world(Switches { kick_reach, kicked_row_stays, ..Switches::default() });
        world.log_in("ana", MAC, 0, 0);
        world.log_in("ana", OTHER_MAC, 0, 0);
        let router = SimRouter::start(world, Options::default()).await.expect("a free port");
        let mut client = Client::login(&router).await;
        client.call(Command::new("/ip/hotspot/active/remove").attr(".id", "*A050002")).await.ok();
        let rows = client.print("/ip/hotspot/active/print", &["mac-address"]).await.ok();
        let macs: Vec<String> = rows.iter().map(|row| row.text("mac-address")).collect();
        assert_eq!(macs, left, "{kick_reach:?} {kicked_row_stays}");
    }
}

#[tokio::test]
async fn a_reboot_empties_every_table_but_the_configured_ones() {
    let mut world = world(Switches::default());
    world.log_in("ana", MAC, 0, 0);
    world.bypass(OTHER_MAC);
    world.appear(OTHER_MAC, 0, 0);
    world.reboot();
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let mut client = Client::login(&router).await;
    for (menu, rows) in [
        ("/ip/hotspot/active/print", 0),
        ("/ip/hotspot/host/print", 0),
        ("/ip/hotspot/user/print", 1),
        ("/ip/hotspot/ip-binding/print", 1),
        ("/ip/hotspot/print", 1),
        ("/ip/hotspot/cookie/print", 1),
    ] {
        assert_eq!(client.print(menu, &[".id"]).await.ok().len(), rows, "{menu}");
    }
}
