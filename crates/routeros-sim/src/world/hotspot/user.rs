//! The users of the hotspot and what their rows add up: how, is not established (U5).

use super::super::configured::Settings;
use super::super::model::World;
use super::super::octets::Octets;
use super::super::profile::HOTSPOT_USERS;
use super::super::switches::HotspotUserCounters;
use super::sum::UserSum;

impl World {
    /// What a user's row shows as `bytes-in` and `bytes-out` (U5).
    pub(crate) fn hotspot_user_counter(&self, user: u32) -> Octets {
        let how = self.device.switches.hotspot_user_counters;
        self.added_up(user, how).since(self.hotspot.sum(user).before)
    }

    /// What a user moved since the row was made or reset, which is what its caps are about.
    pub(super) fn used_of_user(&self, user: u32) -> Octets {
        self.added_up(user, HotspotUserCounters::Live).since(self.hotspot.sum(user).used_before)
    }

    fn added_up(&self, user: u32, how: HotspotUserCounters) -> Octets {
        let finished = self.hotspot.sum(user).finished;
        match how {
            HotspotUserCounters::Live => finished + self.logins_of(self.name_of_user(user)).0,
            HotspotUserCounters::AtLogout => finished,
            HotspotUserCounters::Never => Octets::default(),
        }
    }

    /// Makes a user of the hotspot; one of that name that is there stays as it is. What a login that is up moved before
    /// does not count for one made anew.
    pub fn add_hotspot_user(&mut self, name: impl AsRef<[u8]>) {
        if self.find_user(name.as_ref()).is_none() {
            let set: [(&'static str, &[u8]); 4] =
                [("name", name.as_ref()), ("password", b""), ("profile", b"default"), ("disabled", b"false")];
            let settings: Settings = set.map(|(setting, value)| (setting, value.to_vec())).into();
            self.add_configured(HOTSPOT_USERS, settings);
        }
    }

    /// Removes a user; a login that is up stays (routeros.md §8, trap 15: what is configured does not reach live sessions).
    pub fn remove_hotspot_user(&mut self, name: impl AsRef<[u8]>) {
        if let Some(user) = self.find_user(name.as_ref()) {
            self.remove_configured(HOTSPOT_USERS, user);
        }
    }

    /// `/ip/hotspot/user/reset-counters` of one user.
    pub fn reset_hotspot_user(&mut self, name: impl AsRef<[u8]>) {
        if let Some(user) = self.find_user(name.as_ref()) {
            self.reset_user(user);
        }
    }

    pub(crate) fn reset_user(&mut self, user: u32) {
        let before = self.added_up(user, self.device.switches.hotspot_user_counters);
        let used_before = self.added_up(user, HotspotUserCounters::Live);
        let sum = self.hotspot.sums.entry(user).or_default();
        (sum.before, sum.used_before) = (before, used_before);
    }

    /// Somebody added, set or removed this row.
    pub(crate) fn user_was_set(&mut self, user: u32) {
        if !self.hotspot.sums.contains_key(&user) {
            self.reset_user(user);
        }
    }

    /// A row got another name: what it showed stays, and logins under the name it has now count from here.
    pub(crate) fn user_was_renamed(&mut self, user: u32, from: &[u8]) {
        let up = |name: &[u8]| self.logins_of(name).0;
        let (gone, come) = (up(from), up(self.name_of_user(user)));
        let unseen = match self.device.switches.hotspot_user_counters {
            HotspotUserCounters::Live => come,
            HotspotUserCounters::AtLogout => gone,
            HotspotUserCounters::Never => Octets::default(),
        };
        let sum = self.hotspot.sums.entry(user).or_default();
        sum.finished += gone;
        sum.used_before += come;
        sum.before += unseen;
    }

    pub(super) fn find_user(&self, name: &[u8]) -> Option<u32> {
        self.configured(HOTSPOT_USERS).find(|user| user.get("name") == Some(name))
    }

    fn name_of_user(&self, user: u32) -> &[u8] {
        self.configured(HOTSPOT_USERS).item(user).get("name").unwrap_or_default()
    }

    /// A login is over; one whose user was removed meanwhile adds up nowhere.
    pub(super) fn add_to_user(&mut self, name: &[u8], octets: Octets, lasted_us: u64) {
        if let Some(user) = self.find_user(name) {
            let sum = self.hotspot.sums.entry(user).or_default();
            sum.finished += octets;
            sum.finished_us += lasted_us;
        }
    }

    /// A reboot, after which the sums may begin at 0.
    pub(super) fn restart_users(&mut self) {
        if !self.device.switches.hotspot_user_counters_survive_reboot {
            self.hotspot.sums.values_mut().for_each(|sum| *sum = UserSum::default());
        }
    }

    /// What a user's row shows as `uptime`, microseconds.
    pub(crate) fn hotspot_user_uptime(&self, user: u32) -> u64 {
        self.hotspot.sum(user).finished_us + self.logins_of(self.name_of_user(user)).1
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
