//! An answer for tests.

use serde_json::json;

use super::answer::Top;

/// Two who move on a router, and a router that was read once.
pub(super) fn top() -> Top {
    let talker = |session: u64, username: &str, down: u64, up: u64| {
        json!({"router": "tower", "session": session, "username": username, "subscriber": null, "service": "pppoe",
            "framed_address": "10.0.0.7", "calling_station_id": "AA", "upload_bps": up, "download_bps": down,
            "upload_octets": 1, "download_octets": 1, "at_least": false, "from": "2026-11-21T14:01:05Z",
            "as_of": "2026-11-21T14:02:05Z", "over_us": 60_000_000})
    };
    let mut ana = talker(1, "ana\u{1b}", 8_000_000, 1_000_000);
    ana["subscriber"] = json!("shop");
    let mut bob = talker(2, "bob", 3_000_000, 2_000_000);
    bob["at_least"] = json!(true);
    let window =
        json!({"from": "2026-11-21T14:01:05Z", "as_of": "2026-11-21T14:02:05Z", "over_us": 60_000_000});
    let routers = json!([
        {"router": "tower", "window": window, "unobserved": null, "unobserved_text": null, "age_ms": 12_000,
            "sessions_moved": 2, "sessions_told": 2, "sessions_unknown": 1},
        {"router": "hill", "window": null, "unobserved": "one_reading", "unobserved_text": "It was read once.",
            "age_ms": 500, "sessions_moved": 0, "sessions_told": 0, "sessions_unknown": 0},
    ]);
    let answer = json!({"items": [ana, bob], "next": null, "sort": "total", "routers": routers});
    serde_json::from_value(answer).unwrap()
}
