//! How the portal does, for `/metrics`. No series is per visitor.

use std::net::IpAddr;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::crowd::Crowd;

/// Connections of one host at once; a browser opens six.
const FROM_ONE: u32 = 24;
/// From so many connections in all each host has as many places as one browser needs.
const PRESSED: u32 = 512;
const FROM_ONE_PRESSED: u32 = 6;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    why: &'static str,
}

/// What the portal did so far, and who is connected to it. Clones count together.
#[derive(Clone)]
pub struct PortalCounts {
    activations: Family<Outcome, Counter>,
    held_off: Family<Why, Counter>,
    /// Connections that were closed because their host held as many as it may.
    pub(super) refused: Counter,
    /// Who is connected, by host.
    pub(super) crowd: Crowd<IpAddr>,
}

impl PortalCounts {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        PortalCounts {
            activations: Family::default(),
            held_off: Family::default(),
            refused: Counter::default(),
            crowd: Crowd::of(FROM_ONE).pressed_from(PRESSED, FROM_ONE_PRESSED),
        }
    }

    /// A device asked to be let in, and that became of it.
    pub(super) fn activation(&self, outcome: &'static str) {
        self.activations.get_or_create(&Outcome { outcome }).inc();
    }

    /// Somebody was told to wait.
    pub(super) fn held_off(&self, why: &'static str) {
        self.held_off.get_or_create(&Why { why }).inc();
    }

    /// Shows them as they are now.
    pub(crate) fn register(&self, registry: &mut Registry) {
        let help = "Devices that asked the portal to be let in, by what became of it";
        registry.register("tikmeter_portal_activations", help, self.activations.clone());
        let help = "Requests to the portal that were told to wait, by what was too much";
        registry.register("tikmeter_portal_held_off", help, self.held_off.clone());
        let help = "Connections to the portal that were closed because their host held as many as it may";
        registry.register("tikmeter_portal_connections_refused", help, self.refused.clone());
        let open = ConstGauge::new(i64::from(self.crowd.len()));
        registry.register("tikmeter_portal_connections", "Connections to the portal that are open", open);
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;

    use super::*;

    #[test]
    fn what_became_of_devices_is_counted_and_who_they_are_is_not() {
        let counts = PortalCounts::new();
        counts.activation("let_in");
        counts.activation("invalid_code");
        counts.held_off("pace");
        counts.refused.inc();
        let _guest = counts.crowd.enter(IpAddr::from([10, 5, 50, 2]));
        let (mut registry, mut text) = (Registry::default(), String::new());
        counts.register(&mut registry);
        encode(&mut text, &registry).unwrap();
        for line in [
            "tikmeter_portal_activations_total{outcome=\"let_in\"} 1",
            "tikmeter_portal_activations_total{outcome=\"invalid_code\"} 1",
            "tikmeter_portal_held_off_total{why=\"pace\"} 1",
            "tikmeter_portal_connections_refused_total 1",
            "tikmeter_portal_connections 1",
        ] {
            assert!(text.lines().any(|told| told == line), "{line}: {text}");
        }
        assert!(!text.contains("10.5.50.2"), "{text}");
    }
}
