//! Logins end by themselves when what they may use is used up (routeros.md §2.8).

use std::time::Duration;

use super::super::model::{Due, World};
use super::super::session::SessionKey;
use super::super::switches::UserLimits;
use super::caps::Caps;
use super::refusal::Refusal;

/// How often a login with caps is looked at.
const EVERY: Duration = Duration::from_secs(1);

impl World {
    /// A login begins; it is looked at every second if it has caps.
    pub(super) fn cap_login(&mut self, key: SessionKey) {
        let session = &self.sessions[key.0 as usize];
        let Some(caps) = self.find_user(&session.login).map(|user| self.caps_of(user)) else { return };
        if caps != Caps::default() || self.limits_reach_logins() {
            self.sessions[key.0 as usize].caps = caps;
            self.schedule(EVERY, Due::LookAtCaps(key));
        }
    }

    pub(crate) fn look_at_caps(&mut self, key: SessionKey) {
        let session = &self.sessions[key.0 as usize];
        if !session.is_live() {
            return;
        }
        let now = self.find_user(&session.login).filter(|_| self.limits_reach_logins());
        let mut caps = now.map_or(session.caps, |user| self.caps_of(user));
        // That is the profile's, and of the login as it began.
        caps.session_us = session.caps.session_us;
        let is_over = caps.session_us > 0 && self.now_us - session.began_us >= caps.session_us;
        let user = self.find_user(&session.login);
        if is_over || user.is_some_and(|user| self.is_used_up(user, &caps).is_some()) {
            self.end_session(key);
        } else {
            self.schedule(EVERY, Due::LookAtCaps(key));
        }
    }

    fn limits_reach_logins(&self) -> bool {
        self.device.switches.user_limits == UserLimits::AtOnce
    }

    /// Why a user's caps let nobody in any more.
    pub(super) fn used_up(&self, user: u32) -> Option<Refusal> {
        self.is_used_up(user, &self.caps_of(user))
    }

    fn is_used_up(&self, user: u32, caps: &Caps) -> Option<Refusal> {
        caps.used_up(self.used_of_user(user), self.hotspot_user_uptime(user))
    }

    fn caps_of(&self, user: u32) -> Caps {
        Caps::of(self.user_item(user), self.profile_of_user(user))
    }
}
