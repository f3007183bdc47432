//! How the telling of events stands.

use accounting::time::Micros;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::events::{EventsStatus, EventsWaiting};

/// Registers it as it is now; what waits is not known where the database does not answer.
pub(super) fn register(
    registry: &mut Registry,
    status: &EventsStatus,
    waiting: Option<EventsWaiting>,
    now: Micros,
) {
    let up = ConstGauge::new(i64::from(status.up));
    registry.register("tikmeter_events_up", "1 while Redis takes events", up);
    let told = ConstCounter::new(status.told);
    registry.register("tikmeter_events_told", "Events told by this process, repetitions included", told);
    let Some(waiting) = waiting else { return };
    let events = ConstGauge::new(waiting.events);
    registry.register("tikmeter_events_waiting", "Events that wait in the database", events);
    let bytes = ConstGauge::new(waiting.bytes);
    registry.register("tikmeter_events_waiting_bytes", "Bytes that these take in the database", bytes);
    let oldest = waiting.oldest_at.map_or(0, |oldest| now.0.saturating_sub(oldest.0).max(0) / 1_000_000);
    let help = "Age of the oldest event that waits, 0 when none does";
    registry.register("tikmeter_events_oldest_age_seconds", help, ConstGauge::new(oldest));
    let help = "Events given up because they could not be told in time, ever";
    registry.register("tikmeter_events_lost", help, ConstCounter::new(waiting.lost));
}
