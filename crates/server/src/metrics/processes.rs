//! The processes that share the database, as each of them tells.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use store::SeenNode;

/// As they were seen just now.
#[derive(Debug)]
pub(super) struct Processes(pub(super) Vec<SeenNode>);

impl Collector for Processes {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.gauge(
            &mut encoder,
            "tikmeter_process_alive",
            "1 until a process was silent for longer than its term",
            |seen| i64::from(seen.is_alive),
        )?;
        self.gauge(
            &mut encoder,
            "tikmeter_process_routers",
            "Routers that are a process' own to read",
            |seen| i64::try_from(seen.routers).unwrap_or(i64::MAX),
        )
    }
}

impl Processes {
    fn gauge(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        name: &str,
        help: &str,
        value: impl Fn(&SeenNode) -> i64,
    ) -> fmt::Result {
        let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for seen in &self.0 {
            let labels = [("process", seen.name.as_str()), ("role", seen.role.as_str())];
            ConstGauge::new(value(seen)).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
