//! A subscriber on a terminal.

use serde::Deserialize;

use crate::output::{Table, grouped, instant, many, octets, percent, printable, shell_word, upper};

#[derive(Deserialize)]
pub(super) struct Subscriber {
    id: String,
    pub(super) username: String,
    name: Option<String>,
    login: Option<String>,
    scope: String,
    logins: Vec<Login>,
    service: String,
    status: String,
    plan: Option<String>,
    expiry_at: Option<String>,
    zone: Option<String>,
    next_cycle_at: Option<String>,
    note: Option<String>,
    cycle: Option<Cycle>,
    sessions_open: u64,
}

#[derive(Deserialize)]
struct Cycle {
    seq_no: u64,
    opened_at: String,
    upload_octets: u64,
    download_octets: u64,
    credited_upload_octets: u64,
    credited_download_octets: u64,
    unobserved_upper_octets: Option<u64>,
    observed_percent: Option<f64>,
    as_of: Option<String>,
}

#[derive(Deserialize)]
struct Login {
    login: String,
    kind: String,
    scope: String,
    since: String,
}

pub(super) fn table(subscribers: &[Subscriber]) -> String {
    if subscribers.is_empty() {
        return "No subscribers yet. Add one: tikmeter subscriber add USERNAME\n".to_owned();
    }
    let headings = ["username", "login", "where", "status", "plan", ">upload", ">download", ">open", "as of"];
    let mut table = Table::new(&headings);
    for subscriber in subscribers {
        table.row(row(subscriber));
    }
    table.to_string()
}

fn row(subscriber: &Subscriber) -> [String; 9] {
    let cycle = subscriber.cycle.as_ref();
    let volume = |pick: fn(&Cycle) -> u64| cycle.map_or_else(|| "-".to_owned(), |cycle| octets(pick(cycle)));
    [
        subscriber.username.clone(),
        or_dash(&subscriber.login),
        subscriber.scope.clone(),
        subscriber.status.clone(),
        or_dash(&subscriber.plan),
        volume(|cycle| cycle.upload_octets),
        volume(|cycle| cycle.download_octets),
        grouped(subscriber.sessions_open),
        instant(cycle.and_then(|cycle| cycle.as_of.as_deref())),
    ]
}

pub(super) fn added(subscriber: &Subscriber) -> String {
    let username = printable(&subscriber.username);
    let login = printable(&or_dash(&subscriber.login));
    format!(
        "Subscriber {username} is added and counts login {login} {} from now on. What it used: tikmeter explain --subscriber {}",
        printable(&place(&subscriber.scope)),
        shell_word(&subscriber.username)
    )
}

pub(super) fn one(subscriber: &Subscriber) -> String {
    let mut lines = vec![
        ("subscriber", subscriber.username.clone()),
        ("id", subscriber.id.clone()),
        ("name", or_dash(&subscriber.name)),
        ("service", subscriber.service.clone()),
        ("status", subscriber.status.clone()),
        ("plan", or_dash(&subscriber.plan)),
        ("expires", instant(subscriber.expiry_at.as_deref())),
        (
            "next cycle",
            subscriber
                .next_cycle_at
                .as_deref()
                .map_or_else(|| "with a renewal".to_owned(), |at| instant(Some(at))),
        ),
        ("zone", subscriber.zone.clone().unwrap_or_else(|| "its router's, else the server's".to_owned())),
        ("note", or_dash(&subscriber.note)),
        ("open now", many(subscriber.sessions_open, "session")),
    ];
    lines.splice(3..3, logins(subscriber));
    lines.extend(subscriber.cycle.iter().flat_map(cycle));
    let line = |(label, value): (&str, String)| format!("{label:<11} {}\n", printable(&value));
    lines.into_iter().map(line).collect()
}

/// Where a login counts, in words.
fn place(scope: &str) -> String {
    match scope.split_once(':') {
        Some(("router", router)) => format!("on router {router}"),
        Some(("group", group)) => format!("on the routers of group {group}"),
        _ => "on all routers".to_owned(),
    }
}

fn logins(subscriber: &Subscriber) -> Vec<(&'static str, String)> {
    let line = |login: &Login| {
        let since = instant(Some(&login.since));
        ("login", format!("{} {}, {}, since {since}", login.login, place(&login.scope), login.kind))
    };
    match subscriber.logins.as_slice() {
        [] => vec![("login", "none: nothing is counted for it".to_owned())],
        logins => logins.iter().map(line).collect(),
    }
}

fn cycle(cycle: &Cycle) -> [(&'static str, String); 6] {
    let volume = |count| format!("{} ({} octets)", octets(count), grouped(count));
    let observed =
        format!("{}, unseen {}", percent(cycle.observed_percent), upper(cycle.unobserved_upper_octets));
    [
        ("cycle", format!("{} since {}", cycle.seq_no, instant(Some(&cycle.opened_at)))),
        ("upload", volume(cycle.upload_octets)),
        ("download", volume(cycle.download_octets)),
        (
            "credited",
            format!(
                "{} up, {} down, beside what was measured",
                octets(cycle.credited_upload_octets),
                octets(cycle.credited_download_octets)
            ),
        ),
        ("observed", observed),
        ("as of", instant(cycle.as_of.as_deref())),
    ]
}

fn or_dash(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "-".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn subscriber(cycle: serde_json::Value) -> Subscriber {
        serde_json::from_value(json!({
            "id": "0192", "username": "ana", "name": null, "login": "ana", "scope": "all", "logins": [{"login": "ana", "kind": "ppp", "scope": "all", "since": "2026-11-21T14:00:00Z"}], "service": "pppoe",
            "status": "active", "plan": null, "expiry_at": null, "zone": "Asia/Kathmandu", "next_cycle_at": null, "note": null, "cycle": cycle, "sessions_open": 1,
        }))
        .unwrap()
    }

    #[test]
    fn a_subscriber_without_a_reading_shows_no_figure() {
        let text = table(&[subscriber(serde_json::Value::Null)]);
        assert!(text.lines().nth(1).unwrap().ends_with('-'), "{text}");
        assert!(!text.contains("0 B"), "{text}");
    }

    #[test]
    fn the_open_cycle_is_exact_and_bounded() {
        let cycle = json!({"seq_no": 1, "opened_at": "2026-11-21T14:00:00Z", "upload_octets": 1_234_567,
            "download_octets": 2, "credited_upload_octets": 0, "credited_download_octets": 5, "unobserved_upper_octets": null, "observed_percent": 99.99,
            "as_of": "2026-11-21T14:02:05Z"});
        let text = one(&subscriber(cycle));
        assert!(
            text.contains("login       ana on all routers, ppp, since 2026-11-21 14:00:00 UTC"),
            "{text}"
        );
        assert!(text.contains("1.2 MB (1,234,567 octets)"), "{text}");
        assert!(text.contains("99.9 %, unseen no bound"), "{text}");
        assert!(text.contains("zone        Asia/Kathmandu\n"), "{text}");
    }
}
