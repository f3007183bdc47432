//! Routers for people.

use serde::Deserialize;

use crate::output::{Table, grouped, instant, octets, printable, rate};

/// What is shown of a router.
#[derive(Debug, Deserialize)]
pub(super) struct Router {
    name: String,
    host: String,
    port: u16,
    username: String,
    link_speed_bps: Option<u64>,
    interval_ms: Option<u64>,
    origin: String,
    state: String,
    message: Option<String>,
    since: Option<String>,
    version: Option<String>,
    identity: Option<String>,
    device: Option<String>,
    last_round: Option<Round>,
    unseen_sessions: u64,
    rounds_total: u64,
    errors: u64,
}

#[derive(Debug, Deserialize)]
struct Round {
    at: String,
    rows: u64,
    sessions_open: u64,
    bytes_in: u64,
    bytes_out: u64,
    duration_us: u64,
}

impl Router {
    fn address(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    fn last_read(&self) -> String {
        instant(self.last_round.as_ref().map(|round| round.at.as_str()))
    }
}

/// All routers, and below them what is wrong.
pub(super) fn list(routers: &[Router]) -> String {
    if routers.is_empty() {
        return "No routers yet. Add one: tikmeter router add NAME HOST --user USER --password-file FILE"
            .to_owned();
    }
    let mut table = Table::new(&["router", "address", "state", "version", ">sessions", "last read"]);
    for router in routers {
        let sessions =
            router.last_round.as_ref().map_or_else(|| "-".to_owned(), |round| grouped(round.sessions_open));
        let version = router.version.clone().unwrap_or_else(|| "-".to_owned());
        table.row([&router.name, &router.address(), &router.state, &version, &sessions, &router.last_read()]);
    }
    let troubles = routers.iter().filter_map(|router| Some((&router.name, router.message.as_ref()?)));
    let troubles = troubles.map(|(name, message)| format!("{}: {}\n", printable(name), printable(message)));
    table.to_string() + &troubles.collect::<String>()
}

/// A router that was just added, and how to see it being read.
pub(super) fn added(router: &Router) -> String {
    let name = printable(&router.name);
    format!(
        "Router {name} is added: {}, user {}. See how it goes: tikmeter router show {name}",
        router.address(),
        printable(&router.username)
    )
}

/// Everything about one router.
pub(super) fn one(router: &Router) -> String {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let mut lines = vec![
        ("router", router.name.clone()),
        ("address", router.address()),
        ("user", router.username.clone()),
        (
            "configured",
            if router.origin == "file" { "in the file, read-only here" } else { "here" }.to_owned(),
        ),
        ("state", format!("{} since {}", router.state, instant(router.since.as_deref()))),
    ];
    lines.extend(router.message.clone().map(|message| ("", message)));
    lines.extend([
        ("version", known(&router.version)),
        ("identity", known(&router.identity)),
        ("device", known(&router.device)),
        (
            "link speed",
            router
                .link_speed_bps
                .map_or_else(|| "not known: unseen stretches have no bound".to_owned(), rate),
        ),
        ("interval", router.interval_ms.map_or_else(|| "the server's".to_owned(), |ms| format!("{ms} ms"))),
        (
            "readings",
            format!(
                "{} since the server started, {} failures",
                grouped(router.rounds_total),
                grouped(router.errors)
            ),
        ),
        ("unseen", format!("{} sessions came and went between readings", grouped(router.unseen_sessions))),
    ]);
    lines.push(("last read", router.last_round.as_ref().map_or_else(|| "-".to_owned(), round)));
    let line = |(label, value): (&str, String)| format!("{label:<11} {}\n", printable(&value));
    lines.into_iter().map(line).collect()
}

fn round(round: &Round) -> String {
    let millis = round.duration_us / 1_000;
    format!(
        "{}: {} counters, {} sessions open; {} received, {} sent; {millis} ms",
        instant(Some(&round.at)),
        grouped(round.rows),
        grouped(round.sessions_open),
        octets(round.bytes_in),
        octets(round.bytes_out),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn router(state: &str, message: Option<&str>) -> Router {
        serde_json::from_value(json!({
            "name": "tower\u{1b}", "host": "fe80::1", "port": 8728, "tls": "off", "username": "meter",
            "link_speed_bps": 1_000_000_000, "interval_ms": null, "enabled": true, "origin": "api",
            "state": state, "message": message, "since": "2026-11-21T14:02:05Z", "version": "7.20",
            "identity": null, "device": null, "unseen_sessions": 0, "rounds_total": 1234, "errors": 0,
            "last_round": {"at": "2026-11-21T14:02:05Z", "rows": 3, "sessions_open": 1234, "bytes_in": 5000,
                "bytes_out": 10, "duration_us": 12_000, "poll_seq": 1234},
        }))
        .unwrap()
    }

    #[test]
    fn trouble_stands_below_the_table() {
        let text = list(&[router("online", None), router("unreachable", Some("It does not answer."))]);
        assert!(text.ends_with("tower\\x1b: It does not answer.\n"), "{text}");
        assert!(text.contains("[fe80::1]:8728") && text.contains("1,234"), "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn one_router_tells_all_it_knows() {
        let text = one(&router("online", None));
        assert!(text.contains("online since 2026-11-21 14:02:05 UTC"), "{text}");
        assert!(
            text.contains("3 counters, 1,234 sessions open; 5.0 kB received, 10 B sent; 12 ms"),
            "{text}"
        );
        assert!(text.contains("1.00 Gbps"), "{text}");
    }

    #[test]
    fn an_empty_list_says_what_to_do() {
        assert!(list(&[]).contains("tikmeter router add"));
    }
}
