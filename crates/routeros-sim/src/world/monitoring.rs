//! What `/interface/monitor-traffic` finds out about an interface.

use super::interface::Kind;
use super::model::World;
use super::stream::Pace;

impl World {
    /// `monitor-traffic` takes the interface of that name for none, although it is there, until it takes it again (not
    /// established; what a list makes of it is [`BadMonitorName`](super::BadMonitorName)).
    pub fn refuse_to_monitor(&mut self, name: impl AsRef<[u8]>, is_refused: bool) {
        if is_refused {
            self.not_monitored.insert(name.as_ref().to_vec());
        } else {
            self.not_monitored.remove(name.as_ref());
        }
    }

    pub(crate) fn monitored_interface(&self, name: &[u8]) -> Option<u32> {
        self.interface_called(name).filter(|_| !self.not_monitored.contains(name))
    }

    /// Bits a second that pass on an interface now: received, sent.
    pub(crate) fn rates_on(&self, slot: u32) -> (u64, u64) {
        let interface = &self.interfaces[slot as usize];
        let pace = match (&interface.kind, self.live_session_on(slot)) {
            (Kind::Fixed { stream, .. }, _) => stream.passing(),
            (_, Some(key)) => self.sessions[key.0 as usize].stream.passing(),
            (_, None) => Pace::default(),
        };
        (pace.up_bps, pace.down_bps)
    }
}
