//! The routers' side of the metrics, read from the status board at the moment of the scrape.

use std::collections::HashMap;
use std::fmt;

use accounting::time::Micros;
use operations::{Phase, RouterStatus, StatusBoard};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use store::NasId;

/// Encodes the board as of `now`; a router that `names` lacks was removed and is left out.
#[derive(Debug)]
pub(super) struct Routers {
    pub(super) board: StatusBoard,
    pub(super) names: HashMap<NasId, String>,
    pub(super) now: Micros,
}

type Labels<'a> = Vec<(&'static str, &'a str)>;

impl Collector for Routers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let statuses = self.board.own();
        let routers: Vec<_> = statuses
            .iter()
            .filter_map(|status| Some((self.names.get(&status.nas)?.as_str(), status)))
            .collect();
        self.gauges(&mut encoder, &routers)?;
        counters(&mut encoder, &routers)?;
        errors(&mut encoder, &routers)
    }
}

impl Routers {
    fn gauges(&self, encoder: &mut DescriptorEncoder<'_>, routers: &[(&str, &RouterStatus)]) -> fmt::Result {
        let now = self.now;
        gauge(encoder, "tikmeter_router_online", "1 while the router is being read", routers, |router| {
            Some(if router.phase == Phase::Online { 1.0 } else { 0.0 })
        })?;
        gauge(
            encoder,
            "tikmeter_router_poll_age_seconds",
            "Seconds since the last committed reading",
            routers,
            |router| Some(seconds(now.0.saturating_sub(router.last_round?.at.0).max(0).unsigned_abs())),
        )?;
        gauge(
            encoder,
            "tikmeter_router_round_duration_seconds",
            "Length of the last reading, from the first request to the commit",
            routers,
            |router| Some(seconds(router.last_round?.duration_us)),
        )?;
        gauge(
            encoder,
            "tikmeter_router_sessions_open",
            "Sessions open at the last reading",
            routers,
            |router| Some(count(router.last_round?.sessions_open)),
        )?;
        gauge(encoder, "tikmeter_router_counter_rows", "Counters of the last reading", routers, |router| {
            Some(count(router.last_round?.rows))
        })?;
        gauge(
            encoder,
            "tikmeter_router_listening",
            "1 while sessions too short for any reading are noticed",
            routers,
            |router| Some(if router.not_listening_because.is_none() { 1.0 } else { 0.0 }),
        )?;
        oddities(encoder, routers)
    }
}

/// What the last reading could not make sense of.
fn oddities(encoder: &mut DescriptorEncoder<'_>, routers: &[(&str, &RouterStatus)]) -> fmt::Result {
    gauge(
        encoder,
        "tikmeter_router_rows_unreadable",
        "Rows of the last reading that lacked a value or showed an impossible one",
        routers,
        |router| Some(count(router.last_round?.rows_unreadable)),
    )?;
    gauge(
        encoder,
        "tikmeter_router_rows_unpaired",
        "Interfaces of the last reading whose session is not known yet",
        routers,
        |router| Some(count(router.last_round?.rows_unpaired)),
    )?;
    gauge(
        encoder,
        "tikmeter_router_sessions_without_counter",
        "Sessions of the last reading that no counter was found for",
        routers,
        |router| Some(count(router.last_round?.sessions_without_counter)),
    )
}

fn counters(encoder: &mut DescriptorEncoder<'_>, routers: &[(&str, &RouterStatus)]) -> fmt::Result {
    counter(encoder, "tikmeter_router_rounds", "Readings committed", routers, |router| router.rounds_total)?;
    counter(
        encoder,
        "tikmeter_router_wire_received_bytes",
        "Bytes received from the router",
        routers,
        |router| router.bytes_in_total,
    )?;
    counter(encoder, "tikmeter_router_wire_sent_bytes", "Bytes sent to the router", routers, |router| {
        router.bytes_out_total
    })?;
    counter(
        encoder,
        "tikmeter_router_heard_dropped",
        "Sessions heard and forgotten, because too many ended between two readings",
        routers,
        |router| router.heard_dropped,
    )
}

fn errors(encoder: &mut DescriptorEncoder<'_>, routers: &[(&str, &RouterStatus)]) -> fmt::Result {
    let mut family = encoder.encode_descriptor(
        "tikmeter_router_errors",
        "What went wrong with the router, by kind",
        None,
        MetricType::Counter,
    )?;
    for (name, router) in routers {
        for (kind, times) in &router.errors {
            let labels: Labels<'_> = vec![("router", name), ("kind", kind.as_str())];
            ConstCounter::new(*times).encode(family.encode_family(&labels)?)?;
        }
    }
    Ok(())
}

fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    routers: &[(&str, &RouterStatus)],
    value: impl Fn(&RouterStatus) -> Option<f64>,
) -> fmt::Result {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for (router, status) in routers {
        if let Some(value) = value(status) {
            let labels: Labels<'_> = vec![("router", router)];
            ConstGauge::new(value).encode(family.encode_family(&labels)?)?;
        }
    }
    Ok(())
}

fn counter(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    routers: &[(&str, &RouterStatus)],
    value: impl Fn(&RouterStatus) -> u64,
) -> fmt::Result {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
    for (router, status) in routers {
        let labels: Labels<'_> = vec![("router", router)];
        ConstCounter::new(value(status)).encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "metrics are floating point; beyond 2^53 the last digits do not matter"
)]
fn count(value: u64) -> f64 {
    value as f64
}

fn seconds(micros: u64) -> f64 {
    count(micros) / 1e6
}

#[cfg(test)]
mod tests {
    use operations::{ErrorKind, RoundReport};
    use prometheus_client::encoding::text::encode;
    use prometheus_client::registry::Registry;

    use super::*;

    #[test]
    fn a_router_is_told_by_its_name_and_a_removed_one_is_not_told() {
        let board = StatusBoard::new();
        let at = Micros(10_000_000);
        for nas in [NasId(1), NasId(2)] {
            board.update(nas, at, |status| {
                status.enter(Phase::Online, None, at);
                status.count_error(ErrorKind::Timeout);
                status.round_done(RoundReport {
                    at,
                    rows: 7,
                    rows_unreadable: 2,
                    rows_unpaired: 3,
                    sessions_without_counter: 4,
                    sessions_open: 6,
                    bytes_in: 500,
                    bytes_out: 50,
                    duration_us: 2_500,
                    poll_seq: 1,
                });
            });
        }
        let mut registry = Registry::default();
        let names = HashMap::from([(NasId(1), "tower \"1\"".to_owned())]);
        registry.register_collector(Box::new(Routers { board, names, now: Micros(12_500_000) }));
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for line in [
            "tikmeter_router_online{router=\"tower \\\"1\\\"\"} 1.0",
            "tikmeter_router_poll_age_seconds{router=\"tower \\\"1\\\"\"} 2.5",
            "tikmeter_router_round_duration_seconds{router=\"tower \\\"1\\\"\"} 0.0025",
            "tikmeter_router_listening{router=\"tower \\\"1\\\"\"} 0.0",
            "tikmeter_router_rows_unreadable{router=\"tower \\\"1\\\"\"} 2.0",
            "tikmeter_router_rows_unpaired{router=\"tower \\\"1\\\"\"} 3.0",
            "tikmeter_router_sessions_without_counter{router=\"tower \\\"1\\\"\"} 4.0",
            "tikmeter_router_rounds_total{router=\"tower \\\"1\\\"\"} 1",
            "tikmeter_router_errors_total{router=\"tower \\\"1\\\"\",kind=\"timeout\"} 1",
        ] {
            assert!(text.lines().any(|told| told == line), "{line} is not in\n{text}");
        }
        assert_eq!(text.matches("tikmeter_router_online{").count(), 1);
    }
}
