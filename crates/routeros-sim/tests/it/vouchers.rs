//! The hotspot as clients configure it: who is let in, on which terms, and what ends a login.

use std::time::Duration;

use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{
    ApiLoginCookies, Device, HotspotRefusals, Octets, Personality, Roaming, SecondLogin, SessionKey,
    UserLimits, World,
};

use crate::client::{Answer, Client};

const MAC: &str = "2C:54:91:00:00:01";
const OTHER_MAC: &str = "2C:54:91:00:00:02";
const USER: &str = "/ip/hotspot/user";
const LOGIN: &str = "/ip/hotspot/active/login";

/// A café where two devices are in sight that would move 8 and 40 Mbit/s each, and ana has the password `pw`.
struct Cafe {
    router: SimRouter,
    client: Client,
}

impl Cafe {
    async fn open(change: impl FnOnce(&mut Device)) -> Self {
        let mut device = Device::new("cafe", Personality::V7_20, 3);
        change(&mut device);
        let mut world = World::new(device);
        world.add_hotspot("hotspot1");
        for mac in [MAC, OTHER_MAC] {
            assert_eq!(world.appear(mac, 8_000_000, 40_000_000), None, "nobody is let in yet");
        }
        let router = SimRouter::start(world, Options::default()).await.expect("a free port");
        let client = Client::login(&router).await;
        let mut cafe = Self { router, client };
        cafe.tell(&format!("{USER}/add"), &[("name", "ana"), ("password", "pw")]).await;
        cafe
    }

    async fn call(&mut self, path: &str, settings: &[(&str, &str)]) -> Answer {
        let command =
            settings.iter().fold(Command::new(path), |command, (name, value)| command.attr(name, value));
        self.client.call(command).await
    }

    async fn tell(&mut self, path: &str, settings: &[(&str, &str)]) {
        self.call(path, settings).await.ok();
    }

    /// Sets something of ana's row.
    async fn set(&mut self, name: &str, value: &str) {
        self.tell(&format!("{USER}/set"), &[("numbers", "ana"), (name, value)]).await;
    }

    /// Ana gets a profile of her own.
    async fn terms(&mut self, terms: &[(&str, &str)]) {
        let settings = [&[("name", "hers")], terms].concat();
        self.tell(&format!("{USER}/profile/add"), &settings).await;
        self.set("profile", "hers").await;
    }

    async fn log_in(&mut self, mac: &str) -> Answer {
        self.call(LOGIN, &[("mac-address", mac), ("user", "ana"), ("password", "pw")]).await
    }

    fn ana(&self) -> SessionKey {
        self.router.with_world(|world| world.hotspot_sessions().last().expect("she is in"))
    }

    fn is_in(&self) -> bool {
        self.router.with_world(|world| world.hotspot_sessions().next().is_some())
    }

    fn pass(&self, seconds: u64) {
        self.router.with_world(|world| world.advance(Duration::from_secs(seconds)));
    }

    async fn column(&mut self, menu: &str, property: &str) -> Vec<String> {
        let print = Command::new(&format!("{menu}/print")).proplist(&[property]);
        self.client.call(print).await.ok().into_iter().map(|row| row.text(property)).collect()
    }
}

#[tokio::test]
async fn a_user_is_read_back_like_capture_24() {
    let mut cafe = Cafe::open(|_| ()).await;
    let settings = [
        ("name", "user1"),
        ("password", "123"),
        ("mac-address", "11:00:00:00:00:00"),
        ("limit-bytes-in", "100"),
        ("limit-bytes-out", "200"),
        ("limit-bytes-total", "500"),
        ("limit-uptime", "1m"),
        ("comment", "from the counter"),
    ];
    cafe.tell(&format!("{USER}/add"), &settings).await;
    let row = cafe.call(&format!("{USER}/print"), &[]).await.ok().remove(1);
    let more = [
        ("uptime", "0s"),
        ("bytes-in", "0"),
        ("bytes-out", "0"),
        ("profile", "default"),
        ("disabled", "false"),
    ];
    for (name, value) in settings.into_iter().chain(more) {
        assert_eq!(row.text(name), value, "{name}");
    }
    for (wrong, said) in [
        (("profile", "gold"), "input does not match any value of profile"),
        (("limit-uptime", "soon"), "expected value of limit-uptime"),
        (("limit-bytes-total", "1G"), "expected value of limit-bytes-total"),
        (("name", "ana"), "already have such name"),
    ] {
        let refused = cafe.call(&format!("{USER}/set"), &[("numbers", "user1"), wrong]).await;
        assert_eq!(refused.trap(), said);
    }
    cafe.set("limit-bytes-in", "5").await;
    cafe.set("limit-bytes-in", "").await;
    assert_eq!(cafe.column(USER, "name").await, ["ana", "user1"]);
}

#[tokio::test]
async fn an_admin_logs_a_device_in_which_then_moves_what_it_would() {
    let mut cafe = Cafe::open(|_| ()).await;
    cafe.log_in(MAC).await.ok();
    cafe.pass(2);
    assert_eq!(
        cafe.router.with_world(|world| world.truth().login("ana").total()),
        Octets::new(2_000_000, 10_000_000)
    );
    let address = cafe.column("/ip/hotspot/host", "address").await.remove(1);
    let by_address = [("ip", &*address), ("user", "ana"), ("password", "pw")];
    cafe.tell(LOGIN, &by_address).await;
    assert_eq!(cafe.column("/ip/hotspot/active", "mac-address").await, [MAC, OTHER_MAC]);
    for (settings, said) in [
        (vec![("mac-address", "2C:54:91:00:00:03"), ("user", "ana")], "no such item (4)"),
        (vec![("ip", &*address), ("mac-address", MAC), ("user", "ana")], "no such item (4)"),
        (vec![("user", "ana")], "no such item (4)"),
        (vec![("mac-address", MAC)], "missing =user="),
        (vec![("ip", "here"), ("user", "ana")], "expected value of ip"),
        (vec![("mac", MAC), ("user", "ana")], "unknown parameter mac"),
    ] {
        assert_eq!(cafe.call(LOGIN, &settings).await.trap(), said);
    }
}

/// What keeps ana out, and what she is told.
#[tokio::test]
async fn who_is_kept_out_is_told_why_or_that_it_failed() {
    for refusals in [HotspotRefusals::InThePagesWords, HotspotRefusals::WithoutAReason] {
        for (setting, said) in [
            (("password", "other"), "invalid username or password"),
            (("name", "anna"), "invalid username or password"),
            (("disabled", "yes"), "invalid username or password"),
            (("mac-address", OTHER_MAC), "user ana is not allowed to log in from this MAC address"),
        ] {
            let mut cafe = Cafe::open(|device| device.switches.hotspot_refusals = refusals).await;
            cafe.set(setting.0, setting.1).await;
            let refused = cafe.log_in(MAC).await;
            match refusals {
                HotspotRefusals::InThePagesWords => assert_eq!(refused.trap(), said),
                HotspotRefusals::WithoutAReason => assert_eq!(refused.trap(), "action failed (6)"),
            }
            assert!(!cafe.is_in());
        }
    }
}

#[tokio::test]
async fn as_many_devices_as_the_profile_says_share_a_user() {
    let mut cafe = Cafe::open(|_| ()).await;
    cafe.terms(&[]).await;
    cafe.log_in(MAC).await.ok();
    cafe.log_in(MAC).await.ok();
    assert_eq!(
        cafe.log_in(OTHER_MAC).await.trap(),
        "no more sessions are allowed for user ana",
        "1 if not said"
    );
    for many in ["2", "unlimited"] {
        cafe.tell(&format!("{USER}/profile/set"), &[("numbers", "hers"), ("shared-users", many)]).await;
        cafe.log_in(OTHER_MAC).await.ok();
    }
    let wrong = [("numbers", "hers"), ("shared-users", "0")];
    let refused = cafe.call(&format!("{USER}/profile/set"), &wrong).await;
    assert_eq!(refused.trap(), "expected value of shared-users");
}

/// 8 and 40 Mbit/s are 1 and 5 million octets a second.
#[tokio::test]
async fn a_login_ends_in_the_second_in_which_its_users_cap_is_reached() {
    for (cap, value, lasts, said) in [
        ("limit-uptime", "7s", 7, "user ana has reached uptime limit"),
        ("limit-bytes-in", "3000000", 3, "user ana has reached traffic limit"),
        ("limit-bytes-out", "19999999", 4, "user ana has reached traffic limit"),
        ("limit-bytes-total", "12000000", 2, "user ana has reached traffic limit"),
    ] {
        let mut cafe = Cafe::open(|_| ()).await;
        cafe.set(cap, value).await;
        cafe.log_in(MAC).await.ok();
        let ana = cafe.ana();
        cafe.pass(100);
        let truth = cafe.router.with_world(|world| world.truth().session(ana).expect("she was in").clone());
        assert_eq!(truth.ended_us, Some(lasts * 1_000_000), "{cap}");
        assert_eq!(cafe.log_in(MAC).await.trap(), said, "{cap}");
        cafe.set(cap, if cap == "limit-uptime" { "0s" } else { "0" }).await;
        cafe.log_in(MAC).await.ok();
        cafe.pass(100);
        assert!(cafe.is_in(), "0 is no cap");
    }
}

#[tokio::test]
async fn a_cap_is_of_all_logins_since_the_counters_were_reset() {
    let mut cafe = Cafe::open(|_| ()).await;
    cafe.set("limit-bytes-in", "5000000").await;
    cafe.log_in(MAC).await.ok();
    cafe.pass(3);
    cafe.log_in(OTHER_MAC).await.ok();
    cafe.pass(1);
    assert!(!cafe.is_in(), "2 devices move twice as much");
    cafe.tell(&format!("{USER}/reset-counters"), &[("numbers", "ana")]).await;
    cafe.log_in(MAC).await.ok();
    cafe.pass(4);
    assert!(cafe.is_in(), "which begins it anew");
    cafe.pass(1);
    assert!(!cafe.is_in());
}

/// Trap 15.
#[tokio::test]
async fn what_is_changed_does_not_reach_a_login_that_is_up() {
    let mut cafe = Cafe::open(|_| ()).await;
    cafe.terms(&[("rate-limit", "1M/2M"), ("session-timeout", "10s")]).await;
    cafe.log_in(MAC).await.ok();
    let ana = cafe.ana();
    assert_eq!(cafe.column("/queue/simple", "name").await, ["<hotspot-ana>"]);
    assert_eq!(cafe.column("/queue/simple", "target").await, ["10.5.0.2/32"]);
    let change = [("numbers", "hers"), ("rate-limit", "4M"), ("session-timeout", "2s")];
    cafe.tell(&format!("{USER}/profile/set"), &change).await;
    cafe.set("limit-bytes-in", "1").await;
    cafe.set("disabled", "yes").await;
    cafe.pass(20);
    let truth = cafe.router.with_world(|world| world.truth().session(ana).expect("she was in").clone());
    assert_eq!((truth.ended_us, truth.octets), (Some(10_000_000), Octets::new(1_250_000, 2_500_000)));
    assert_eq!(cafe.column("/queue/simple", "name").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_login_that_roams_takes_its_queue_along() {
    let mut cafe = Cafe::open(|device| device.switches.roaming = Roaming::KeepsRow).await;
    cafe.terms(&[("rate-limit", "1M/2M")]).await;
    cafe.log_in(MAC).await.ok();
    let ana = cafe.ana();
    cafe.router.with_world(|world| world.roam(ana, None));
    assert_eq!(cafe.column("/queue/simple", "target").await, ["10.5.0.4/32"]);
    assert_eq!(cafe.column("/queue/simple", "rate").await, ["1000000/2000000"]);
}

#[tokio::test]
async fn who_may_not_log_in_does_not_come_back_by_a_cookie_either() {
    for (setting, comes_back) in
        [(("comment", "nothing"), true), (("disabled", "yes"), false), (("limit-uptime", "1s"), false)]
    {
        let mut cafe =
            Cafe::open(|device| device.switches.redial_after_kick = Some(Duration::from_secs(1))).await;
        cafe.log_in(MAC).await.ok();
        cafe.pass(3);
        cafe.set(setting.0, setting.1).await;
        let id = cafe.column("/ip/hotspot/active", ".id").await.remove(0);
        cafe.tell("/ip/hotspot/active/remove", &[(".id", &id)]).await;
        cafe.pass(2);
        assert_eq!(cafe.is_in(), comes_back, "{setting:?}");
    }
}

#[tokio::test]
async fn a_profile_may_leave_a_mac_cookie() {
    let mut cafe = Cafe::open(|_| ()).await;
    cafe.terms(&[("add-mac-cookie", "yes")]).await;
    for _ in 0..2 {
        cafe.log_in(MAC).await.ok();
    }
    let mut cookies = cafe.column("/ip/hotspot/cookie", "mac-cookie").await;
    cookies.sort();
    assert_eq!(cookies, ["false", "true"]);
}

#[tokio::test]
async fn a_binding_lets_a_device_through_or_keeps_it_out_while_it_is_on() {
    let mut cafe = Cafe::open(|_| ()).await;
    let binding = "/ip/hotspot/ip-binding";
    cafe.log_in(MAC).await.ok();
    for mac in [MAC, OTHER_MAC] {
        cafe.tell(&format!("{binding}/add"), &[("mac-address", mac), ("type", "blocked")]).await;
    }
    assert!(!cafe.is_in(), "a blocked device loses its login");
    assert_eq!(cafe.log_in(OTHER_MAC).await.trap(), "this device is blocked");
    cafe.tell(&format!("{binding}/set"), &[(".id", "*1"), ("type", "bypassed")]).await;
    assert_eq!(cafe.column("/ip/hotspot/host", "bypassed").await, ["true", "false"]);
    cafe.tell(&format!("{binding}/set"), &[(".id", "*1"), ("disabled", "yes")]).await;
    assert_eq!(cafe.column("/ip/hotspot/host", "bypassed").await, ["false", "false"]);
    cafe.tell(&format!("{binding}/set"), &[(".id", "*2"), ("type", "regular")]).await;
    cafe.log_in(OTHER_MAC).await.ok();
    let rows = cafe.call(&format!("{binding}/print"), &[]).await.ok();
    let kinds: Vec<Option<&[u8]>> = rows.iter().map(|row| row.get("type")).collect();
    assert_eq!(kinds, [Some(&b"bypassed"[..]), None], "the usual one is not told");
    cafe.tell(&format!("{binding}/remove"), &[(".id", "*1,*2")]).await;
    cafe.log_in(MAC).await.ok();
}

#[test]
fn a_script_that_asks_is_let_in_or_told_what_the_page_says() {
    let mut world = World::new(Device::new("cafe", Personality::V7_20, 3));
    assert_eq!(world.try_log_in("ana", "", MAC, 0, 0), Err("invalid username or password".to_owned()));
    world.add_hotspot_user("ana");
    assert!(world.try_log_in("ana", "", MAC, 0, 0).is_ok());
}

#[tokio::test]
async fn a_user_that_gets_another_name_goes_on_counting_from_where_it_was() {
    let mut cafe = Cafe::open(|_| ()).await;
    cafe.log_in(MAC).await.ok();
    cafe.pass(3);
    cafe.set("name", "anna").await;
    cafe.pass(1);
    assert_eq!(cafe.column(USER, "bytes-in").await, ["3000000"], "her login is still ana's");
}

#[tokio::test]
async fn a_limit_that_is_set_reaches_a_login_that_is_up_or_not() {
    for (limits, lasts_s) in [(UserLimits::AtLogin, None), (UserLimits::AtOnce, Some(3))] {
        let mut cafe = Cafe::open(|device| device.switches.user_limits = limits).await;
        cafe.log_in(MAC).await.ok();
        let ana = cafe.ana();
        cafe.set("limit-bytes-in", "3000000").await;
        cafe.pass(20);
        let truth = cafe.router.with_world(|world| world.truth().session(ana).expect("she was in").clone());
        assert_eq!(truth.ended_us, lasts_s.map(|seconds: u64| seconds * 1_000_000), "{limits:?}");
    }
}

#[tokio::test]
async fn a_login_by_the_api_leaves_cookies_or_none() {
    for (leaves, cookies) in [(ApiLoginCookies::Same, 2), (ApiLoginCookies::None, 0)] {
        let mut cafe = Cafe::open(|device| device.switches.api_login_cookies = leaves).await;
        cafe.terms(&[("add-mac-cookie", "yes")]).await;
        cafe.log_in(MAC).await.ok();
        assert_eq!(cafe.column("/ip/hotspot/cookie", "user").await.len(), cookies, "{leaves:?}");
    }
}

#[tokio::test]
async fn a_device_that_is_in_as_another_user_takes_that_ones_place_or_is_refused() {
    for (second, is_in_as) in [(SecondLogin::Replaces, "ana"), (SecondLogin::IsRefused, "bob")] {
        let mut cafe = Cafe::open(|device| device.switches.second_login = second).await;
        cafe.tell(&format!("{USER}/add"), &[("name", "bob"), ("password", "pw")]).await;
        cafe.tell(LOGIN, &[("mac-address", MAC), ("user", "bob"), ("password", "pw")]).await;
        let answer = cafe.log_in(MAC).await;
        match second {
            SecondLogin::Replaces => drop(answer.ok()),
            SecondLogin::IsRefused => {
                assert_eq!(answer.trap(), "this device is logged in as another user");
            }
        }
        assert_eq!(cafe.column("/ip/hotspot/active", "user").await, [is_in_as], "{second:?}");
        cafe.tell(LOGIN, &[("mac-address", MAC), ("user", is_in_as), ("password", "pw")]).await;
    }
}
