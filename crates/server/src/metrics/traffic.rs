//! How the telling of live samples over Redis stands.

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::traffic::TrafficStatus;

/// Registers it as it is now.
pub(super) fn register(registry: &mut Registry, status: &TrafficStatus) {
    let help = "Live samples told over Redis by this process, repetitions included";
    registry.register("tikmeter_traffic_told", help, ConstCounter::new(status.told));
    let help = "Live samples given up because too many waited for Redis";
    registry.register("tikmeter_traffic_lost", help, ConstCounter::new(status.lost));
    let waiting = ConstGauge::new(i64::try_from(status.waiting).unwrap_or(i64::MAX));
    registry.register("tikmeter_traffic_waiting", "Live samples that wait in memory for Redis", waiting);
    if let Some(readers) = status.readers {
        let help = "Consumers of groups that asked Redis for live samples within two minutes";
        let readers = ConstGauge::new(i64::try_from(readers).unwrap_or(i64::MAX));
        registry.register("tikmeter_traffic_readers", help, readers);
    }
    let up = ConstGauge::new(i64::from(status.trouble.is_none()));
    registry.register("tikmeter_traffic_up", "0 while Redis takes no live samples", up);
}
