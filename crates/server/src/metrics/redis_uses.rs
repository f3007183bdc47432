//! How what goes between processes over Redis stands.

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::redis_uses::RedisUse;

/// Registers it as it is now; what was never tried has no series.
pub(super) fn register(registry: &mut Registry, uses: &[(RedisUse, Option<String>)]) {
    let family = Family::<[(&str, &str); 1], Gauge>::default();
    for (what, trouble) in uses {
        family.get_or_create(&[("use", what.as_str())]).set(i64::from(trouble.is_none()));
    }
    let help = "1 while Redis carries it from process to process";
    registry.register("tikmeter_redis_up", help, family);
}
