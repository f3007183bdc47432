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

    /// Whether a user of that name is somebody else's.
    pub(super) fn is_taken(&self, name: &[u8]) -> bool {
        self.users.iter().any(|user| user.name == name && !user.is_ours)
    }

    /// Of one user there is what was shown of them just now.
    pub(super) fn know_anew(&mut self, user: &[u8], shown: Present) {
        self.users.retain(|known| known.name != user);
        self.logins.retain(|known| known.user != user);
        self.cookies.retain(|known| known.user != user);
        self.users.extend(shown.users);
        self.logins.extend(shown.logins);
        self.cookies.extend(shown.cookies);
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
