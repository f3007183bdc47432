//! Every eighth router of the fleet has a hotspot: four devices in sight of it, two of them a guest's, and rows that its admin set by
//! hand.

use std::time::Duration;

use routeros_sim::server::SimRouter;
use routeros_sim::world::{KickedDevice, SessionKey, World};

use crate::hand::{Row, rows, tell};

/// How its admin marks what he sets.
const BY_HAND: &str = "by hand";
/// A guest's login.
pub(super) const GUEST: &str = "guest";
/// The devices that the guest has been in with for long; the others are in with nothing.
pub(super) const GUESTS: [u8; 2] = [3, 4];
/// What is ours, or somebody else's, on a router.
const MENUS: [&str; 5] = [
    "/ip/hotspot/user",
    "/ip/hotspot/user/profile",
    "/ip/hotspot/ip-binding",
    "/ppp/secret",
    "/queue/simple",
];
/// What a row says of what passes, or of who is there.
const MOVING: [&str; 3] = ["bytes", "packets", "rate"];

/// A device at one of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) router: String,
    /// The first one that came in sight is 1.
    pub(super) device: u8,
}

impl At {
    pub(super) fn the(router: &str, device: u8) -> At {
        At { router: router.to_owned(), device }
    }

    pub(super) fn mac(&self) -> String {
        format!("AA:BB:CC:{:02X}:00:{:02X}", number(&self.router), self.device)
    }

    /// Where its hotspot puts it.
    pub(super) fn address(&self) -> [u8; 4] {
        [127, 5, u8::try_from(number(&self.router)).unwrap(), self.device + 1]
    }
}

/// Whether the router of that number has one.
pub(super) fn is_one(number: u64) -> bool {
    number % 8 == 4
}

/// The same by its name.
pub(super) fn is_called(name: &str) -> bool {
    is_one(number(name))
}

fn number(name: &str) -> u64 {
    name[1..].parse().unwrap()
}

/// Before anything is polled. Whoever is sent away comes back a second later, unless they are kept out.
pub(super) fn found(world: &mut World, number: u64) {
    world.use_hotspot_pool([127, 5, u8::try_from(number).unwrap(), 0].into());
    world.add_hotspot("hotspot1");
    let switches = &mut world.device_mut().switches;
    switches.redial_after_kick = Some(Duration::from_secs(1));
    switches.kicked_device = KickedDevice::ByLogin;
    let mac = |device: u8| format!("AA:BB:CC:{number:02X}:00:{device:02X}");
    for device in 1..=4 {
        world.appear(mac(device), 0, 0);
    }
    for device in GUESTS {
        world.log_in(GUEST, mac(device), 0, 0);
    }
}

/// Its admin's rows, one in each menu; `line` is a login that has a secret.
pub(super) async fn set_up(sim: &SimRouter, line: &str) {
    let comment = ("comment", BY_HAND);
    tell(sim, "/ip/hotspot/user/add", &[("name", "cashier"), ("password", "x"), comment]).await;
    tell(sim, "/ip/hotspot/user/profile/add", &[("name", BY_HAND), ("rate-limit", "3M/3M")]).await;
    let blocked = [("mac-address", "AA:BB:CC:00:00:99"), ("type", "blocked"), comment];
    tell(sim, "/ip/hotspot/ip-binding/add", &blocked).await;
    tell(sim, "/ppp/secret/add", &[("name", line), ("password", "x"), comment]).await;
    let queue = [("name", BY_HAND), ("target", "10.99.0.1/32"), ("max-limit", "1M/1M"), comment];
    tell(sim, "/queue/simple/add", &queue).await;
}

/// Everything that stands on it and does not move by itself, with its menu.
pub(super) async fn all_rows(sim: &SimRouter) -> Vec<(&'static str, Row)> {
    let mut all = Vec::new();
    for menu in MENUS {
        for mut row in rows(sim, menu).await {
            row.retain(|name, _| !MOVING.iter().any(|moving| name.contains(moving)) && name != "uptime");
            all.push((menu, row));
        }
    }
    all
}

/// Whether a row is ours by its mark; profiles have no comment.
pub(super) fn is_ours(row: &Row) -> bool {
    let says = |name: &str| row.get(name).map_or("", String::as_str);
    says("comment").starts_with("tikmeter") || says("name") == "tikmeter-voucher"
}

/// Who is in at the hotspot: the login and the MAC.
pub(super) async fn who_is_in(sim: &SimRouter) -> Vec<(String, String)> {
    let active = rows(sim, "/ip/hotspot/active").await;
    let mut all: Vec<(String, String)> =
        active.into_iter().map(|row| (row["user"].clone(), row["mac-address"].clone())).collect();
    all.sort();
    all
}

/// The session of that login.
pub(super) fn session(world: &World, login: &str) -> Option<SessionKey> {
    world.hotspot_sessions().find(|key| world.login_of(*key) == login.as_bytes())
}
