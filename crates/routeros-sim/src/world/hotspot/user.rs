//! The users of the hotspot and what their rows add up: how, is not established (U5).

use super::super::model::World;
use super::super::octets::Octets;
use super::super::switches::HotspotUserCounters;

/// A row of `/ip/hotspot/user`.
#[derive(Debug)]
pub(crate) struct HotspotUser {
    pub(crate) id: u64,
    pub(crate) name: Vec<u8>,
    /// Of logins that are over.
    pub(crate) finished: Octets,
    pub(crate) finished_us: u64,
}

impl World {
    /// What a user's row shows as `bytes-in` and `bytes-out` (U5).
    pub(crate) fn hotspot_user_counter(&self, user: u32) -> Octets {
        let user = &self.hotspot.users[user as usize];
        match self.device.switches.hotspot_user_counters {
            HotspotUserCounters::Live => user.finished + self.logins_of(&user.name).0,
            HotspotUserCounters::AtLogout => user.finished,
            HotspotUserCounters::Never => Octets::default(),
        }
    }

    /// What a user's row shows as `uptime`, microseconds.
    pub(crate) fn hotspot_user_uptime(&self, user: u32) -> u64 {
        let user = &self.hotspot.users[user as usize];
        user.finished_us + self.logins_of(&user.name).1
    }

    /// Octets and microseconds of a user's logins that are up.
    fn logins_of(&self, name: &[u8]) -> (Octets, u64) {
        let sessions = self.hotspot_sessions().map(|key| &self.sessions[key.0 as usize]);
        let theirs = sessions.filter(|session| session.login == name);
        theirs.fold((Octets::default(), 0), |(octets, micros), session| {
            (octets + session.octets(self.now_us), micros + self.now_us - session.began_us)
        })
    }
}
