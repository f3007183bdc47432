//! What removing a login of the hotspot leads to, where nobody has established it.

/// How a device comes back whose login was removed: a cookie or mac-cookie logs it straight back in (routeros.md §2.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KickedDevice {
    /// By the cookie that the router has of it by then; without one it does not.
    #[default]
    ByItsCookie,
    /// Somebody logs it in by hand.
    ByLogin,
    /// By a cookie although no row of one is there (not established).
    ByHiddenCookie,
    /// By a mac-cookie although no row of one is there (not established: which logouts drop it).
    ByHiddenMacCookie,
}

/// Whose logins a removed row of `/ip/hotspot/active` ends (U16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KickReach {
    /// That row's.
    #[default]
    OnlyThatRow,
    /// Those of all devices of its user.
    EveryDeviceOfTheUser,
}
