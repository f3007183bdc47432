//! The menus of who may come in and on which terms, and of what is kept beside.

/// The profiles of PPP.
pub(crate) const PPP_PROFILES: &str = "/ppp/profile";
/// The hotspot's users.
pub(crate) const HOTSPOT_USERS: &str = "/ip/hotspot/user";
/// Their profiles.
pub(crate) const HOTSPOT_PROFILES: &str = "/ip/hotspot/user/profile";
/// Requests that devices may make without a login.
pub(crate) const WALLED_GARDEN: &str = "/ip/hotspot/walled-garden";
/// Packets that they may send without one.
pub(crate) const WALLED_GARDEN_IP: &str = "/ip/hotspot/walled-garden/ip";
/// Which devices are let through or kept out.
pub(crate) const IP_BINDINGS: &str = "/ip/hotspot/ip-binding";
/// What other people have the router do.
pub(crate) const SCRIPTS: &str = "/system/script";
/// Who may log in to the router.
pub(crate) const USERS: &str = "/user";
/// What they may do.
pub(crate) const USER_GROUPS: &str = "/user/group";
