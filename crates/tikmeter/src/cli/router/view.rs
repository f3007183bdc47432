//! Routers for people.

use serde::Deserialize;

use super::watching::Watching;
use crate::output::{Table, grouped, instant, many, octets, printable, rate, shell_word};

/// What is shown of a router.
#[derive(Debug, Deserialize)]
pub(super) struct Router {
    name: String,
    host: String,
    port: u16,
    tls: String,
    fingerprint: Option<String>,
    username: String,
    link_speed_bps: Option<u64>,
    zone: Option<String>,
    group: Option<String>,
    interval_ms: Option<u64>,
    origin: String,
    state: String,
    polled_by: Option<String>,
    message: Option<String>,
    since: Option<String>,
    version: Option<String>,
    version_warning: Option<String>,
    identity: Option<String>,
    device: Option<String>,
    last_read_at: Option<String>,
    sessions_open: Option<u64>,
    held_entries: u64,
    last_round: Option<Round>,
    unseen_sessions: u64,
    not_listening_because: Option<String>,
    heard_dropped: u64,
    watching: Watching,
    rounds_total: u64,
    errors: u64,
}

#[derive(Debug, Deserialize)]
struct Round {
    rows: u64,
    rows_unreadable: u64,
    rows_unpaired: u64,
    sessions_without_counter: u64,
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

    /// A refused login is not knocked at again soon; who mended it on the router should not have to wait.
    fn next_try(&self) -> Option<String> {
        let name = shell_word(&self.name);
        let at_once = match self.origin.as_str() {
            "file" => "when the server is started again".to_owned(),
            _ => format!("after `tikmeter router disable {name}` and `tikmeter router enable {name}`"),
        };
        (self.state == "login_refused").then(|| {
            format!("It is tried again by itself after 15 minutes, later after hours; at once {at_once}.")
        })
    }

    fn last_read(&self) -> String {
        instant(self.last_read_at.as_deref())
    }

    /// How many sessions are open, in words.
    fn open(&self) -> String {
        self.sessions_open
            .map_or_else(|| "sessions open: not known".to_owned(), |open| many(open, "session") + " open")
    }

    fn sessions(&self) -> String {
        self.sessions_open.map_or_else(|| "-".to_owned(), grouped)
    }

    /// What is wrong, a line each.
    fn troubles(&self) -> impl Iterator<Item = String> {
        let told = [&self.message, &self.version_warning].into_iter().flatten().cloned().chain(self.held());
        told.map(|told| format!("{}: {}\n", printable(&self.name), printable(&told)))
    }

    /// What waits for a decision.
    fn held(&self) -> Option<String> {
        let held = self.held_entries;
        (held > 0).then(|| {
            format!(
                "{}, in no total until you decide: tikmeter held list",
                many(held, "entry") + " held back"
            )
        })
    }

    /// The reading in full where this process took it; of one before it only what is stored.
    fn reading(&self) -> String {
        if self.last_read_at.is_none() {
            return "-".to_owned();
        }
        let (at, open) = (self.last_read(), self.open());
        match &self.last_round {
            Some(round) => format!(
                "{at}: {}, {open}; {} received, {} sent; {} ms",
                many(round.rows, "counter"),
                octets(round.bytes_in),
                octets(round.bytes_out),
                round.duration_us / 1_000
            ),
            None => format!("{at}, before the server was started: {open}"),
        }
    }
}

/// All routers, and below them what is wrong.
pub(super) fn list(routers: &[Router]) -> String {
    if routers.is_empty() {
        return "No routers yet. Add one: tikmeter router add NAME HOST --user USER --password-file FILE"
            .to_owned();
    }
    // Who has no groups is not shown an empty column.
    let has_groups = routers.iter().any(|router| router.group.is_some());
    let group = |text: String| has_groups.then_some(text);
    let head = ["router", "address", "state", "version", ">sessions", "last read"].into_iter();
    let mut table = Table::new(&head.chain(has_groups.then_some("group")).collect::<Vec<_>>());
    for router in routers {
        let sessions = router.sessions();
        let version = router.version.clone().unwrap_or_else(|| "-".to_owned());
        let row = [
            router.name.clone(),
            router.address(),
            router.state.clone(),
            version,
            sessions,
            router.last_read(),
        ];
        table.row(row.into_iter().chain(group(router.group.clone().unwrap_or_default())));
    }
    let troubles = routers.iter().flat_map(Router::troubles);
    table.to_string() + &troubles.collect::<String>()
}

/// A router that was just added, and how to see it being read.
pub(super) fn added(router: &Router) -> String {
    format!(
        "Router {} is added: {}, user {}. See how it goes: tikmeter router show {}",
        printable(&router.name),
        router.address(),
        printable(&router.username),
        shell_word(&router.name)
    )
}

/// Everything about one router.
pub(super) fn one(router: &Router) -> String {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let mut lines = vec![
        ("router", router.name.clone()),
        ("address", router.address()),
        ("user", router.username.clone()),
        ("tls", protection(router)),
        (
            "configured",
            if router.origin == "file" { "in the file, read-only here" } else { "here" }.to_owned(),
        ),
        ("state", format!("{} since {}", router.state, instant(router.since.as_deref()))),
    ];
    lines.extend(router.polled_by.clone().map(|process| ("read by", format!("the process {process}"))));
    lines.extend(router.message.clone().map(|message| ("", message)));
    lines.extend(router.next_try().map(|sentence| ("", sentence)));
    lines.push(("version", known(&router.version)));
    lines.extend(router.version_warning.clone().map(|sentence| ("", sentence)));
    lines.extend([
        ("identity", known(&router.identity)),
        ("device", known(&router.device)),
        (
            "link speed",
            router
                .link_speed_bps
                .map_or_else(|| "not known: unseen stretches have no bound".to_owned(), rate),
        ),
        ("interval", router.interval_ms.map_or_else(|| "the server's".to_owned(), interval)),
        ("zone", router.zone.clone().unwrap_or_else(|| "the server's".to_owned())),
    ]);
    lines.extend(router.group.clone().map(|group| ("group", group)));
    lines.extend([
        (
            "readings",
            format!(
                "{} since the server started; failed: {}",
                grouped(router.rounds_total),
                grouped(router.errors)
            ),
        ),
        // Only PPP sessions are numbered by the router.
        ("unseen", many(router.unseen_sessions, "PPP session") + " came and went between readings"),
    ]);
    lines.push(("last read", router.reading()));
    lines.extend(router.last_round.iter().flat_map(oddities).map(|sentence| ("", sentence)));
    lines.extend(router.held().map(|sentence| ("held", sentence)));
    lines.extend(router.watching.told().map(|sentence| ("live", sentence)));
    lines.extend(deafness(router).map(|sentence| ("listening", sentence)));
    let line = |(label, value): (&str, String)| format!("{label:<11} {}\n", printable(&value));
    lines.into_iter().map(line).collect()
}

/// As its flag takes it.
fn interval(ms: u64) -> String {
    match ms {
        ms if ms.is_multiple_of(60_000) => format!("{}m", ms / 60_000),
        ms if ms.is_multiple_of(1_000) => format!("{}s", ms / 1_000),
        ms => format!("{ms}ms"),
    }
}

fn protection(router: &Router) -> String {
    match (router.tls.as_str(), &router.fingerprint) {
        ("off", _) => "off: the password and all figures cross the network in clear".to_owned(),
        ("pinned", Some(known)) => format!("pinned to the certificate {known}"),
        ("pinned", None) => "pinned to the next certificate it shows".to_owned(),
        (mode, _) => mode.to_owned(),
    }
}

/// What the last reading could not make sense of, each with what it means.
fn oddities(round: &Round) -> impl Iterator<Item = String> + use<> {
    let told = [
        (
            round.rows_unreadable,
            "rows lacked a value or showed an impossible one; they count as unknown, not as 0",
        ),
        (
            round.rows_unpaired,
            "interfaces belong to no session that the router lists; their octets wait until it does",
        ),
        (
            round.sessions_without_counter,
            "sessions have no counter that the router shows; what they move is not counted unless it shows one",
        ),
    ];
    told.into_iter()
        .filter(|(times, _)| *times > 0)
        .map(|(times, meaning)| format!("{} {meaning}", grouped(times)))
}

fn deafness(router: &Router) -> impl Iterator<Item = String> + use<> {
    let deaf = router.not_listening_because.as_ref().map(|because| {
        format!("Sessions too short for any reading are not noticed at the moment: {because}")
    });
    let dropped = (router.heard_dropped > 0).then(|| {
        format!(
            "{} heard and forgotten, because too many ended between two readings",
            many(router.heard_dropped, "session")
        )
    });
    deaf.into_iter().chain(dropped)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn router(state: &str, message: Option<&str>) -> Router {
        serde_json::from_value(json!({
            "name": "tower\u{1b}", "host": "fe80::1", "port": 8728, "tls": "off", "fingerprint": null, "username": "meter",
            "link_speed_bps": 1_000_000_000, "zone": null, "interval_ms": null, "enabled": true, "origin": "api",
            "state": state, "polled_by": null, "message": message, "since": "2026-11-21T14:02:05Z", "version": "7.20", "version_warning": null,
            "identity": null, "device": null, "unseen_sessions": 0, "rounds_total": 1234, "not_listening_because": null,
            "heard_dropped": 0, "watching": {"commands_last_minute": 0, "streams": false, "cpu_load_percent": null, "slowed": false},
            "errors": 0, "last_read_at": "2026-11-21T14:02:05Z", "sessions_open": 1234, "held_entries": 0,
            "last_round": {"at": "2026-11-21T14:02:05Z", "rows": 3, "rows_unreadable": 0, "rows_unpaired": 0, "sessions_without_counter": 0, "sessions_open": 1234, "bytes_in": 5000,
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
    fn a_version_that_nobody_knows_is_told_in_both() {
        let mut router = router("online", None);
        router.version_warning = Some("Only 6 and 7 are known here.".to_owned());
        assert!(one(&router).contains("\n            Only 6 and 7"), "{}", one(&router));
        let text = list(&[router]);
        assert!(text.ends_with("tower\\x1b: Only 6 and 7 are known here.\n"), "{text}");
    }

    #[test]
    fn a_refused_login_says_how_to_try_at_once() {
        let text = one(&router("login_refused", Some("No.")));
        assert!(text.contains("tikmeter router enable 'tower\\x1b'"), "{text}");
        assert!(!one(&router("no_rights", Some("No."))).contains("tikmeter router enable"));
    }

    #[test]
    fn what_is_not_counted_is_told_and_nothing_where_all_is() {
        let well = one(&router("online", None));
        assert!(!well.contains("unknown, not as 0") && !well.contains("listening"), "{well}");
        let mut router = router("online", None);
        router.not_listening_because = Some("The connection ended.".to_owned());
        let round = router.last_round.as_mut().unwrap();
        (round.rows_unreadable, round.rows_unpaired, round.sessions_without_counter) = (1_002, 3, 4);
        let text = one(&router);
        for told in [
            "1,002 rows lacked",
            "3 interfaces belong to no session",
            "4 sessions have no counter",
            "Sessions too short for any reading are not noticed at the moment: The connection ended.",
        ] {
            assert!(text.contains(told), "{told} is not in\n{text}");
        }
    }

    /// Invariant 18: what another process read is not "-" and not 0.
    #[test]
    fn a_router_that_this_process_never_reached_shows_its_last_reading() {
        let mut router = router("unreachable", None);
        router.last_round = None;
        let (line, whole) = (list(std::slice::from_ref(&router)), one(&router));
        assert!(line.contains("1,234") && line.contains("2026-11-21 14:02:05 UTC"), "{line}");
        let told = "2026-11-21 14:02:05 UTC, before the server was started: 1,234 sessions open";
        assert!(whole.contains(told), "{whole}");
        (router.last_read_at, router.sessions_open) = (None, None);
        assert!(one(&router).contains("last read   -"), "{}", one(&router));
    }

    #[test]
    fn what_is_held_back_is_told_in_both() {
        let mut router = router("online", None);
        assert!(!list(std::slice::from_ref(&router)).contains("held"));
        router.held_entries = 2;
        let whole = one(&router);
        assert!(whole.contains("\nheld        2 entries held back, in no total until you decide"), "{whole}");
        let text = list(&[router]);
        assert!(
            text.ends_with(
                "tower\\x1b: 2 entries held back, in no total until you decide: tikmeter held list\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn an_empty_list_says_what_to_do() {
        assert!(list(&[]).contains("tikmeter router add"));
    }
}
