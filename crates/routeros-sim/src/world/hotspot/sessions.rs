//! Which sessions are the hotspot's, and where their devices are.

use super::super::model::World;
use super::super::octets::Octets;
use super::super::session::{Carrier, SessionKey};
use super::super::slots::Slots;

impl World {
    /// All sessions that are up, whatever carries them: PPP first, then hotspot logins, then bypassed devices.
    pub(crate) fn all_live(&self) -> impl Iterator<Item = SessionKey> + '_ {
        let sets = [&self.live_sessions, &self.hotspot.active, &self.hotspot.bypassed];
        sets.into_iter().flat_map(Slots::iter).map(SessionKey)
    }

    /// The hotspot's logins that are up, oldest first.
    pub fn hotspot_sessions(&self) -> impl Iterator<Item = SessionKey> + '_ {
        self.hotspot.active.iter().map(SessionKey)
    }

    /// The bypassed devices in sight, in the order they came.
    pub fn bypassed_sessions(&self) -> impl Iterator<Item = SessionKey> + '_ {
        self.hotspot.bypassed.iter().map(SessionKey)
    }

    /// What `/ip/hotspot/host` counts of a device: all it did since it came in sight.
    pub(crate) fn host_counter(&self, slot: u32) -> Octets {
        let host = &self.hotspot.hosts[slot as usize];
        let session = host.session.map(|key| self.sessions[key.0 as usize].octets(self.now_us));
        host.before + session.unwrap_or_default()
    }

    /// The host a session's device is, if it is one of the hotspot's.
    pub(crate) fn host_of(&self, key: SessionKey) -> Option<u32> {
        match self.sessions[key.0 as usize].carrier {
            Carrier::Hotspot { host, .. } | Carrier::Bypassed { host } => Some(host),
            Carrier::Ppp(_) => None,
        }
    }
}
