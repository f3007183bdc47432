//! Who is watched, and what became of the samples.

use operations::MonitorsStatus;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::live::Gateway;

/// Registers it as it is now.
pub(super) fn register(registry: &mut Registry, status: &MonitorsStatus, live: &Gateway) {
    let count = |number: usize| ConstGauge::new(i64::try_from(number).unwrap_or(i64::MAX));
    registry.register("tikmeter_monitors", "Subscribers who are watched", count(status.monitors.len()));
    let slots = ConstGauge::new(i64::from(status.most));
    registry.register("tikmeter_monitor_slots", "Subscribers who can be watched at the same time", slots);
    registry.register("tikmeter_live_clients", "Live connections that are open", count(live.clients()));
    let [sent, flushes, dropped, closed_slow] = live.counts().read().map(ConstCounter::new);
    registry.register("tikmeter_live_samples_sent", "Samples sent over live connections", sent);
    let help = "Times that samples were sent to a live connection, all that waited together";
    registry.register("tikmeter_live_flushes", help, flushes);
    let help = "Samples lost to live connections that were too slow";
    registry.register("tikmeter_live_samples_dropped", help, dropped);
    let help = "Live connections closed because they were too slow";
    registry.register("tikmeter_live_closed_slow", help, closed_slow);
}
