//! Who is let into the hotspot, and on which terms (routeros.md §2.8).

use routeros_proto::value;

use super::super::configured::Item;
use super::super::model::World;
use super::super::profile::{HOTSPOT_PROFILES, HOTSPOT_USERS};
use super::super::session::SessionKey;
use super::super::switches::{ApiLoginCookies, SecondLogin};
use super::host::Host;
use super::refusal::Refusal;

impl World {
    /// As [`World::log_in`], where the router asks for the user's password and lets nobody in whom the user's row, its
    /// profile or the device's binding keeps out. Whoever has a login of that device loses it then.
    ///
    /// # Errors
    /// What the hotspot's page says to who is kept out.
    pub fn try_log_in(
        &mut self,
        user: impl AsRef<[u8]>,
        password: impl AsRef<[u8]>,
        mac: impl AsRef<[u8]>,
        rate_up_bps: u64,
        rate_down_bps: u64,
    ) -> Result<SessionKey, String> {
        let (user, mac) = (user.as_ref(), mac.as_ref());
        self.admit(user, Some(password.as_ref()), mac).map_err(|refusal| refusal.told(user))?;
        Ok(self.log_in(user, mac, rate_up_bps, rate_down_bps))
    }

    /// Whether a user may log in on a device; one that comes by a cookie has no password to show.
    pub(crate) fn admit(&self, user: &[u8], password: Option<&[u8]>, mac: &[u8]) -> Result<(), Refusal> {
        if self.is_bound(mac, b"blocked") {
            return Err(Refusal::Blocked);
        }
        let found = self.find_user(user).ok_or(Refusal::InvalidUser)?;
        let row = self.user_item(found);
        let knows = password.is_none_or(|given| row.get("password").unwrap_or_default() == given);
        if !knows || row.get("disabled") == Some(b"true") {
            return Err(Refusal::InvalidUser);
        }
        if row.get("mac-address").is_some_and(|bound| bound != mac) {
            return Err(Refusal::InvalidMac);
        }
        if self.is_full(found, user, mac) {
            return Err(Refusal::SessionLimit);
        }
        self.used_up(found).map_or(Ok(()), Err)
    }

    /// `/ip/hotspot/active/login` of a device in sight, which then moves what it would. How its row says that it logged in
    /// so is not established.
    pub(crate) fn log_host_in(&mut self, host: u32, user: &[u8], password: &[u8]) -> Result<(), Refusal> {
        let host = &self.hotspot.hosts[host as usize];
        let (mac, wish, session) = (host.mac.clone(), host.wish, host.session);
        let is_in_as_another = session.is_some_and(|key| self.sessions[key.0 as usize].login != user);
        let switches = self.device.switches;
        if is_in_as_another && switches.second_login == SecondLogin::IsRefused {
            return Err(Refusal::LoggedIn);
        }
        self.admit(user, Some(password), &mac)?;
        let cookies = self.hotspot.cookies.clone();
        self.log_in(user, mac, wish.up_bps, wish.down_bps);
        if switches.api_login_cookies == ApiLoginCookies::None {
            self.hotspot.cookies = cookies;
        }
        Ok(())
    }

    /// The device in sight with this address, this MAC address, or both.
    pub(crate) fn host_in_sight(&self, address: Option<u32>, mac: Option<&[u8]>) -> Option<u32> {
        let is_it = |host: &Host| {
            address.is_none_or(|address| host.address == address) && mac.is_none_or(|mac| host.mac == mac)
        };
        let is_asked_for = address.is_some() || mac.is_some();
        self.hotspot.live_hosts.iter().find(|&host| is_asked_for && is_it(&self.hotspot.hosts[host as usize]))
    }

    /// Whether as many other devices of the user are in as its profile lets share it.
    fn is_full(&self, user: u32, name: &[u8], mac: &[u8]) -> bool {
        let shared = self.profile_of_user(user).and_then(|profile| profile.get("shared-users"));
        let Some(most) = shared.and_then(value::unsigned) else { return false };
        let others = self.hotspot_sessions().map(|key| &self.sessions[key.0 as usize]);
        let others = others.filter(|session| session.login == name && session.caller_id != mac).count();
        others as u64 >= most
    }

    pub(super) fn user_item(&self, user: u32) -> &Item {
        self.configured(HOTSPOT_USERS).item(user)
    }

    pub(super) fn profile_of_user(&self, user: u32) -> Option<&Item> {
        self.profile(HOTSPOT_PROFILES, self.user_item(user).get("profile").unwrap_or_default())
    }
}
