//! What `/interface/monitor-traffic` finds out about an interface.

use super::interface::Kind;
use super::model::World;

impl World {
    pub(crate) fn interface_called(&self, name: &[u8]) -> Option<u32> {
        self.names.get(name).copied().flatten()
    }

    /// Bits a second that pass on an interface now: received, sent.
    pub(crate) fn rates_on(&self, slot: u32) -> (u64, u64) {
        let interface = &self.interfaces[slot as usize];
        match (&interface.kind, self.live_session_on(slot)) {
            (Kind::Fixed { received, sent, .. }, _) => (received.rate_bps(), sent.rate_bps()),
            (_, Some(key)) => self.sessions[key.0 as usize].rates_bps(),
            (_, None) => (0, 0),
        }
    }
}
