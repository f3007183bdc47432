//! The users of the hotspot and what their rows add up: how, is not established (U5).

use routeros_proto::value;

use super::super::model::World;
use super::super::octets::Octets;
use super::super::switches::HotspotUserCounters;
use super::super::{NO_ITEM, items};

/// A row of `/ip/hotspot/user`.
#[derive(Debug)]
pub(crate) struct HotspotUser {
    pub(crate) id: u64,
    pub(crate) name: Vec<u8>,
    /// Of logins that are over.
    pub(crate) finished: Octets,
    pub(crate) finished_us: u64,
    /// What it had added up when it was reset, or made: it counts from there.
    pub(crate) before: Octets,
    pub(crate) removed: bool,
}

impl World {
    /// What a user's row shows as `bytes-in` and `bytes-out` (U5).
    pub(crate) fn hotspot_user_counter(&self, user: u32) -> Octets {
        let user = &self.hotspot.users[user as usize];
        self.added_up(user).since(user.before)
    }

    fn added_up(&self, user: &HotspotUser) -> Octets {
        match self.device.switches.hotspot_user_counters {
            HotspotUserCounters::Live => user.finished + self.logins_of(&user.name).0,
            HotspotUserCounters::AtLogout => user.finished,
            HotspotUserCounters::Never => Octets::default(),
        }
    }

    /// Makes a user of the hotspot; one of that name that is there stays as it is. What a login that is up moved before
    /// does not count for one made anew.
    pub fn add_hotspot_user(&mut self, name: impl AsRef<[u8]>) {
        self.user_row(name.as_ref());
    }

    /// Removes a user; a login that is up stays (routeros.md §8, trap 15: what is configured does not reach live sessions).
    pub fn remove_hotspot_user(&mut self, name: impl AsRef<[u8]>) {
        if let Some(user) = self.find_user(name.as_ref()) {
            self.hotspot.users[user].removed = true;
        }
    }

    /// `/ip/hotspot/user/reset-counters` of one user.
    pub fn reset_hotspot_user(&mut self, name: impl AsRef<[u8]>) {
        if let Some(user) = self.find_user(name.as_ref()) {
            self.hotspot.users[user].before = self.added_up(&self.hotspot.users[user]);
        }
    }

    /// `reset-counters` or `remove` by ids or names; nothing happens if one is unknown.
    pub(crate) fn change_hotspot_users(
        &mut self,
        ids: &[u8],
        change: fn(&mut World, Vec<u8>),
    ) -> Result<(), &'static str> {
        let find = |word: &[u8]| {
            let by_id = value::item_id(word)
                .and_then(|id| self.hotspot.users.iter().position(|user| user.id == id && !user.removed));
            let user = self.find_user(word).or(by_id)?;
            Some(self.hotspot.users[user].name.clone())
        };
        let names: Vec<Vec<u8>> = items(ids)?.map(find).collect::<Option<_>>().ok_or(NO_ITEM)?;
        names.into_iter().for_each(|name| change(self, name));
        Ok(())
    }

    fn find_user(&self, name: &[u8]) -> Option<usize> {
        self.hotspot.users.iter().position(|user| user.name == name && !user.removed)
    }

    pub(crate) fn user_row(&mut self, name: &[u8]) -> &mut HotspotUser {
        let index = self.find_user(name).unwrap_or_else(|| self.make_user(name));
        &mut self.hotspot.users[index]
    }

    fn make_user(&mut self, name: &[u8]) -> usize {
        let (id, name) = (self.hotspot.config_id(), name.to_vec());
        let (finished, before) = (Octets::default(), Octets::default());
        let mut user = HotspotUser { id, name, finished, finished_us: 0, before, removed: false };
        user.before = self.added_up(&user);
        self.hotspot.users.push(user);
        self.hotspot.users.len() - 1
    }

    /// A login is over; one whose user was removed meanwhile adds up nowhere.
    pub(crate) fn add_to_user(&mut self, name: &[u8], octets: Octets, lasted_us: u64) {
        if let Some(user) = self.find_user(name) {
            let user = &mut self.hotspot.users[user];
            user.finished += octets;
            user.finished_us += lasted_us;
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
