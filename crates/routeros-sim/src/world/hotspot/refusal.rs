//! Why nobody is let into the hotspot, in the words of its login page (routeros.md §2.8).

/// Whether the API says the same is not established (U6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No such user, a disabled one, or another password.
    InvalidUser,
    /// The user belongs to another device.
    InvalidMac,
    /// `shared-users` are in.
    SessionLimit,
    /// `limit-uptime` is used up.
    UptimeLimit,
    /// One of the caps in bytes is used up.
    TrafficLimit,
    /// An `ip-binding` blocks the device.
    Blocked,
    /// The device is in as another user.
    LoggedIn,
}

impl Refusal {
    pub(crate) fn told(self, user: &[u8]) -> String {
        let user = String::from_utf8_lossy(user);
        match self {
            Self::InvalidUser => "invalid username or password".to_owned(),
            Self::InvalidMac => format!("user {user} is not allowed to log in from this MAC address"),
            Self::SessionLimit => format!("no more sessions are allowed for user {user}"),
            Self::UptimeLimit => format!("user {user} has reached uptime limit"),
            Self::TrafficLimit => format!("user {user} has reached traffic limit"),
            // The page says nothing of these: words of ours.
            Self::Blocked => "this device is blocked".to_owned(),
            Self::LoggedIn => "this device is logged in as another user".to_owned(),
        }
    }
}
