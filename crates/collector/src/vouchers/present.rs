//! What a router shows of those whom vouchers let in.

use operations::HotspotHost;
use tokio::time::Instant;

use crate::routeros::hotspot_user::{HotspotUser, UserCookie, UserLogin, UserProfile};

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Present {
    /// Our profile.
    pub(super) profile: Option<UserProfile>,
    pub(super) users: Vec<HotspotUser>,
    pub(super) logins: Vec<UserLogin>,
    /// Those of whoever is to go.
    pub(super) cookies: Vec<UserCookie>,
    pub(super) hosts: Vec<HotspotHost>,
    /// When the youngest rows were asked for.
    pub(super) at: Option<Instant>,
}

impl Present {
    /// The users with our mark.
    pub(super) fn ours(&self) -> impl Iterator<Item = &HotspotUser> {
        self.users.iter().filter(|user| user.is_ours)
    }

    /// The login of that user on that device.
    pub(super) fn login(&self, user: &[u8], mac: &[u8]) -> Option<&UserLogin> {
        self.logins_of(user).find(|login| login.mac == mac)
    }

    /// All logins of that user.
    pub(super) fn logins_of(&self, user: &[u8]) -> impl Iterator<Item = &UserLogin> {
        self.logins.iter().filter(move |login| login.user == user)
    }
}
