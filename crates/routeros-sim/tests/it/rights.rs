//! What users of the router may do: by the policies of their group, checked with each command (routeros.md §1.8).

use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{Device, MonitorRight, Personality, Service, World};

use crate::client::{Client, End};

const REFUSED: &str = "not enough permissions (9)";

type Settings = &'static [(&'static str, &'static str)];

/// What a meter has nothing to do with, with the right that each needs besides `api`, `read` and `write`.
const OTHERS: [(&str, Settings, &str); 15] = [
    ("/system/reboot", &[], "reboot"),
    ("/user/add", &[("name", "mallory"), ("group", "full")], "policy"),
    ("/user/set", &[("numbers", "meter"), ("group", "full")], "policy"),
    ("/user/set", &[("numbers", "meter"), ("password", "x")], "policy"),
    ("/user/remove", &[("numbers", "meter")], "policy"),
    ("/user/group/add", &[("name", "more"), ("policy", "reboot")], "policy"),
    ("/user/group/set", &[("numbers", "meters"), ("policy", "api,read,write,reboot,policy")], "policy"),
    ("/user/group/remove", &[("numbers", "meters")], "policy"),
    ("/password", &[("new-password", "x")], "password"),
    ("/ping", &[("address", "192.0.2.1")], "test"),
    ("/tool/traceroute", &[("address", "192.0.2.1")], "test"),
    ("/tool/bandwidth-test", &[("address", "192.0.2.1")], "test"),
    ("/tool/fetch", &[("url", "http://192.0.2.1/")], "test"),
    ("/tool/sniffer/start", &[], "sniff"),
    ("/tool/torch", &[("interface", "ether1")], "sniff"),
];

fn command(path: &str, settings: &[(&str, &str)]) -> Command {
    settings.iter().fold(Command::new(path), |command, (name, value)| command.attr(name, value))
}

async fn router(monitor_right: MonitorRight) -> (SimRouter, Client) {
    let mut device = Device::new("r", Personality::V7_20, 1);
    device.switches.monitor_right = monitor_right;
    let mut world = World::new(device);
    world.add_usual_interfaces();
    world.connect("ana", Service::Pppoe, "D0:D0:4B:36:7C:C1", 1_000, 1_000);
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let admin = Client::login(&router).await;
    (router, admin)
}

async fn does(client: &mut Client, path: &str, settings: &[(&str, &str)]) {
    client.call(command(path, settings)).await.ok();
}

/// A user `meter` in a group with these rights.
async fn meter(router: &SimRouter, admin: &mut Client, policy: &str) -> Client {
    does(admin, "/user/group/add", &[("name", "meters"), ("policy", policy)]).await;
    does(admin, "/user/add", &[("name", "meter"), ("group", "meters"), ("password", "m")]).await;
    log_in(router).await.expect("may log in")
}

async fn log_in(router: &SimRouter) -> Result<Client, End> {
    let mut client = Client::connect(router.addr()).await;
    client.log_in("meter", "m").await.map(|()| client)
}

#[tokio::test]
async fn what_a_group_lacks_is_refused_and_leaves_everything_as_it_was() {
    for (policy, may_write) in [("api,read", false), ("api,read,write", true)] {
        let (router, mut admin) = router(MonitorRight::Read).await;
        let mut meter = meter(&router, &mut admin, policy).await;
        for (path, settings, _) in OTHERS {
            assert_eq!(meter.call(command(path, settings)).await.trap(), REFUSED, "{path} with {policy}");
        }
        let added = meter.call(command("/queue/simple/add", &[("name", "a"), ("target", "10.0.0.7")])).await;
        assert_eq!(matches!(added.end, End::Done { .. }), may_write, "{policy}");
        let groups = meter.print("/user/group/print", &["name", "policy"]).await.ok();
        assert_eq!(
            groups.iter().map(|row| row.text("name")).collect::<Vec<_>>(),
            ["read", "write", "full", "meters"]
        );
        let denied = "!local,!telnet,!ssh,!ftp,!reboot";
        assert!(
            groups[3].text("policy").starts_with(&format!("{},{denied}", policy_in_order(may_write))),
            "{groups:?}"
        );
        let users = meter.call(Command::new("/user/print")).await.ok();
        assert!(users.len() == 1 && users[0].text("group") == "meters", "{users:?}");
        assert_eq!(users[0].get("password"), None, "nobody is shown it");
        assert_eq!(router.with_world(|world| world.reboots()), 0);
    }
}

fn policy_in_order(may_write: bool) -> &'static str {
    if may_write { "read,write,api" } else { "read,api" }
}

/// Each of them is refused for want of the right that it says, not for want of something else.
#[tokio::test]
async fn with_the_right_none_of_them_is_refused_for_it() {
    for (path, settings, policy) in OTHERS {
        let (router, mut admin) = router(MonitorRight::Read).await;
        let mut meter = meter(&router, &mut admin, &format!("api,read,write,{policy}")).await;
        let answer = meter.call(command(path, settings)).await;
        assert!(
            !matches!(&answer.end, End::Trap(trap) if trap.message == REFUSED),
            "{path}: {:?}",
            answer.end
        );
        if policy == "reboot" {
            assert_eq!((answer.end, router.with_world(|world| world.reboots())), (End::Closed, 1));
        }
    }
}

/// routeros.md §8, trap 39.
#[tokio::test]
async fn the_stock_group_read_may_reboot() {
    let (router, mut admin) = router(MonitorRight::Read).await;
    does(&mut admin, "/user/add", &[("name", "meter"), ("group", "read"), ("password", "m")]).await;
    let mut stock = log_in(&router).await.expect("may log in");
    assert_eq!(stock.call(Command::new("/system/reboot")).await.end, End::Closed);
    assert_eq!(router.with_world(|world| world.reboots()), 1);
}

#[tokio::test]
async fn what_a_group_may_is_looked_up_with_each_command() {
    let (router, mut admin) = router(MonitorRight::Read).await;
    let mut meter = meter(&router, &mut admin, "api,read").await;
    let kick = || command("/ppp/active/remove", &[(".id", "*1")]);
    assert_eq!(meter.call(kick()).await.trap(), REFUSED);
    does(&mut admin, "/user/group/set", &[("numbers", "meters"), ("policy", "api,write")]).await;
    assert_eq!(meter.call(Command::new("/ppp/active/print")).await.trap(), REFUSED, "the list is a new one");
    meter.call(kick()).await.ok();
    does(&mut admin, "/user/remove", &[("numbers", "meter")]).await;
    assert_eq!(meter.call(Command::new("/ppp/active/print")).await.trap(), REFUSED);
}

#[tokio::test]
async fn users_come_in_only_from_where_they_may_and_while_they_may() {
    let (router, mut admin) = router(MonitorRight::Read).await;
    drop(meter(&router, &mut admin, "api,read").await);
    for (address, comes_in) in [
        ("192.0.2.10/32", false),
        ("127.0.0.1", true),
        ("127.0.0.0/8", true),
        ("2001:db8::/32", false),
        ("", true),
    ] {
        does(&mut admin, "/user/set", &[("numbers", "meter"), ("address", address)]).await;
        assert_eq!(log_in(&router).await.is_ok(), comes_in, "{address}");
    }
    for (change, comes_in) in
        [(("disabled", "yes"), false), (("disabled", "no"), true), (("password", "n"), false)]
    {
        does(&mut admin, "/user/set", &[("numbers", "meter"), change]).await;
        assert_eq!(log_in(&router).await.is_ok(), comes_in, "{change:?}");
    }
    does(&mut admin, "/user/set", &[("numbers", "meter"), ("password", "m")]).await;
    does(&mut admin, "/user/group/set", &[("numbers", "meters"), ("policy", "read,winbox")]).await;
    assert!(log_in(&router).await.is_err(), "without the right `api`");
}

#[tokio::test]
async fn a_group_or_an_address_that_makes_no_sense_is_refused() {
    let (_router, mut admin) = router(MonitorRight::Read).await;
    for (path, settings) in [
        ("/user/group/add", [("name", "meters"), ("policy", "api,reed")]),
        ("/user/group/add", [("name", "read"), ("policy", "api")]),
        ("/user/add", [("name", "meter"), ("group", "nobody")]),
        ("/user/add", [("group", "read"), ("address", "tower")]),
    ] {
        let refused = admin.call(command(path, &settings)).await;
        assert!(matches!(refused.end, End::Trap(_)), "{path} {settings:?}");
    }
    assert!(admin.call(Command::new("/user/print")).await.ok().is_empty());
}

#[tokio::test]
async fn passwords_are_shown_to_nobody_without_the_right_for_it() {
    for (policy, is_shown) in [("api,read,write", false), ("api,read,sensitive", true)] {
        let (router, mut admin) = router(MonitorRight::Read).await;
        does(&mut admin, "/ppp/secret/add", &[("name", "ana"), ("password", "s3")]).await;
        does(&mut admin, "/ip/hotspot/user/add", &[("name", "eva"), ("password", "s4")]).await;
        let mut meter = meter(&router, &mut admin, policy).await;
        for path in ["/ppp/secret/print", "/ip/hotspot/user/print"] {
            for print in [Command::new(path), Command::new(path).proplist(&["name", "password"])] {
                let rows = meter.call(print).await.ok();
                assert_eq!(rows[0].get("password").is_some(), is_shown, "{path} with {policy}");
                assert!(rows[0].get("name").is_some());
            }
        }
    }
}

#[tokio::test]
async fn monitoring_needs_what_the_switch_says() {
    for (right, policy, may) in [
        (MonitorRight::Read, "api,read", true),
        (MonitorRight::Test, "api,read", false),
        (MonitorRight::Test, "api,read,test", true),
    ] {
        let (router, mut admin) = router(right).await;
        let mut meter = meter(&router, &mut admin, policy).await;
        let once = command("/interface/monitor-traffic", &[("interface", "ether1"), ("once", "")]);
        let answer = meter.call(once).await;
        assert_eq!(matches!(answer.end, End::Done { .. }), may, "{right:?} {policy}: {:?}", answer.end);
    }
}
