//! A router's status as one process tells it to others, through the database.

use std::collections::BTreeMap;

use accounting::time::Micros;
use serde_json::{Value, json};
use store::NasId;

use crate::router_status::{ErrorKind, Phase, RoundReport, RouterStatus};
use crate::watching_status::WatchingStatus;

/// As a text for [`read`].
pub(crate) fn told(status: &RouterStatus) -> String {
    let errors: BTreeMap<&str, u64> =
        status.errors.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
    json!({
        "phase": status.phase.as_str(),
        "message": status.message,
        "since": status.since.0,
        "last_round": status.last_round.as_ref().map(round_told),
        "rounds_total": status.rounds_total,
        "bytes_in_total": status.bytes_in_total,
        "bytes_out_total": status.bytes_out_total,
        "errors": errors,
        "version": status.version,
        "version_warning": status.version_warning,
        "identity": status.identity,
        "device": status.device,
        "uptime_s": status.uptime_s,
        "not_listening_because": status.not_listening_because,
        "heard_dropped": status.heard_dropped,
        "watching": status.watching.told(),
    })
    .to_string()
}

/// What `node` told of a router; `None` when it makes no sense, as of a program of another version.
pub(crate) fn read(nas: NasId, node: &str, text: &str) -> Option<RouterStatus> {
    let told: Value = serde_json::from_str(text).ok()?;
    let words = |name: &str| told[name].as_str().map(str::to_owned);
    let number = |name: &str| told[name].as_u64();
    let errors = told["errors"].as_object()?.iter();
    Some(RouterStatus {
        nas,
        node: Some(node.to_owned()),
        phase: Phase::from_name(told["phase"].as_str()?)?,
        message: words("message"),
        since: Micros(told["since"].as_i64()?),
        last_round: round(&told["last_round"]),
        rounds_total: number("rounds_total")?,
        bytes_in_total: number("bytes_in_total")?,
        bytes_out_total: number("bytes_out_total")?,
        errors: errors
            .filter_map(|(kind, count)| Some((ErrorKind::from_name(kind)?, count.as_u64()?)))
            .collect(),
        version: words("version"),
        version_warning: words("version_warning"),
        identity: words("identity"),
        device: words("device"),
        uptime_s: number("uptime_s"),
        not_listening_because: words("not_listening_because"),
        heard_dropped: number("heard_dropped")?,
        watching: WatchingStatus::read(&told["watching"]),
    })
}

fn round_told(round: &RoundReport) -> Value {
    json!({
        "at": round.at.0,
        "rows": round.rows,
        "rows_unreadable": round.rows_unreadable,
        "rows_unpaired": round.rows_unpaired,
        "sessions_without_counter": round.sessions_without_counter,
        "sessions_open": round.sessions_open,
        "bytes_in": round.bytes_in,
        "bytes_out": round.bytes_out,
        "duration_us": round.duration_us,
        "poll_seq": round.poll_seq,
    })
}

fn round(told: &Value) -> Option<RoundReport> {
    let number = |name: &str| told[name].as_u64();
    Some(RoundReport {
        at: Micros(told["at"].as_i64()?),
        rows: number("rows")?,
        rows_unreadable: number("rows_unreadable")?,
        rows_unpaired: number("rows_unpaired")?,
        sessions_without_counter: number("sessions_without_counter")?,
        sessions_open: number("sessions_open")?,
        bytes_in: number("bytes_in")?,
        bytes_out: number("bytes_out")?,
        duration_us: number("duration_us")?,
        poll_seq: number("poll_seq")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_read() {
        let mut status = RouterStatus::new(NasId(7), Micros(1));
        assert_eq!(read(NasId(7), "east", &told(&status)).unwrap(), with_node(&status));
        status.enter(Phase::Unreachable, Some("no answer".to_owned()), Micros(9));
        status.count_error(ErrorKind::Timeout);
        status.round_done(RoundReport {
            at: Micros(5),
            rows: 1,
            rows_unreadable: 2,
            rows_unpaired: 3,
            sessions_without_counter: 4,
            sessions_open: 5,
            bytes_in: 6,
            bytes_out: 7,
            duration_us: 8,
            poll_seq: 9,
        });
        status.version = Some("7.18".to_owned());
        status.version_warning = Some("unknown".to_owned());
        status.identity = Some("tower".to_owned());
        status.device = Some("SERIAL".to_owned());
        status.uptime_s = Some(10);
        status.not_listening_because = None;
        status.heard_dropped = 11;
        status.watching = WatchingStatus {
            commands_last_minute: 14,
            streams: true,
            cpu_load_percent: Some(15),
            slowed: true,
        };
        (status.bytes_in_total, status.bytes_out_total) = (12, 13);
        assert_eq!(read(NasId(7), "east", &told(&status)).unwrap(), with_node(&status));
    }

    #[test]
    fn what_makes_no_sense_is_nothing() {
        for text in ["", "{}", r#"{"phase":"dancing","errors":{}}"#] {
            assert_eq!(read(NasId(1), "east", text), None);
        }
    }

    fn with_node(status: &RouterStatus) -> RouterStatus {
        RouterStatus { node: Some("east".to_owned()), ..status.clone() }
    }
}
