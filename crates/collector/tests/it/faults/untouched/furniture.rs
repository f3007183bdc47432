//! What others have on the router, and what is ours.

use routeros_sim::server::SimRouter;

use super::script::{DEVICES, LINES, guest, line};
use crate::sim::tell;

/// Tables in which somebody may have something.
pub(super) const TABLES: [&str; 10] = [
    "/queue/simple/print",
    "/ip/hotspot/ip-binding/print",
    "/ip/hotspot/user/print",
    "/ip/hotspot/user/profile/print",
    "/ppp/secret/print",
    "/ppp/profile/print",
    "/ip/firewall/filter/print",
    "/ip/hotspot/walled-garden/print",
    "/ip/hotspot/walled-garden/ip/print",
    "/system/script/print",
];

/// All that others have on the router.
pub(super) async fn furnish(sim: &SimRouter) {
    for (path, settings) in [
        ("/ppp/profile/add", &[("name", "slow"), ("rate-limit", "3M/4M")][..]),
        (
            "/queue/simple/add",
            &[("name", "pisonet-of-somebody"), ("target", "10.9.0.1/32"), ("max-limit", "1M/2M")][..],
        ),
        (
            "/queue/simple/add",
            &[("name", "office"), ("target", "10.9.1.0/24"), ("comment", "tikmeter limits are not mine")][..],
        ),
        (
            "/queue/simple/add",
            &[("name", "pisonet-AA:BB:CC:00:01:05"), ("target", "10.9.2.0/24"), ("disabled", "yes")][..],
        ),
        (
            "/ip/hotspot/ip-binding/add",
            &[("mac-address", "AA:BB:CC:00:09:01"), ("type", "blocked"), ("comment", "thief")][..],
        ),
        ("/ip/hotspot/ip-binding/add", &[("mac-address", "AA:BB:CC:00:09:02"), ("type", "bypassed")][..]),
        ("/ip/hotspot/user/add", &[("name", "clerk"), ("password", "x")][..]),
        ("/ip/hotspot/user/add", &[("name", "EFGH-1"), ("password", "y"), ("comment", "sold on monday")][..]),
        ("/ip/hotspot/user/profile/add", &[("name", "slow"), ("rate-limit", "1M/1M")][..]),
        (
            "/system/script/add",
            &[("name", "tikmeter-like"), ("source", "/queue simple remove [find name~\"pisonet\"]\r\n")][..],
        ),
        (
            "/system/script/add",
            &[("name", "nightly"), ("source", ":log info \"a=b\""), ("comment", "tikmeter")][..],
        ),
        (
            "/ppp/secret/add",
            &[("name", "zoe"), ("password", "z"), ("disabled", "yes"), ("comment", "did not pay")][..],
        ),
    ] {
        tell(sim, path, settings).await;
    }
    for device in 0..DEVICES {
        tell(sim, "/ip/hotspot/user/add", &[("name", &guest(device)), ("password", "x")]).await;
    }
    for number in 0..LINES {
        let (name, profile) = (line(number), if number < 2 { "slow" } else { "default" });
        tell(sim, "/ppp/secret/add", &[("name", &name), ("password", "x"), ("profile", profile)]).await;
    }
}

/// Queues that the router makes itself come and go with sessions.
pub(super) fn is_the_routers(row: &[(String, String)]) -> bool {
    row.iter().any(|(name, value)| name == "dynamic" && value == "true")
}

pub(super) fn is_ours(row: &[(String, String)]) -> bool {
    let has = |name: &str, begin: &str| row.iter().any(|(of, value)| of == name && value.starts_with(begin));
    let is_marked = has("comment", "tikmeter limit ")
        || has("comment", "tikmeter voucher")
        || has("comment", "tikmeter hold");
    is_marked || has("name", "tikmeter-voucher") || is_the_routers(row)
}
