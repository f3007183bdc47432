//! Commands that are known here for the right alone that the manual says they need (routeros.md §1.8).

use crate::world::{Policies, Policy};

/// Restarts the router.
pub(crate) const REBOOT: &str = "/system/reboot";

/// Brings the router to the latest version that is played, and restarts it.
pub(crate) const UPDATE: &str = "/system/package/update/install";

/// Their menus are not played (but for [`REBOOT`] and [`UPDATE`]): who has the right is told that they are not there, as of everything that
/// is not played.
const OUTSIDE: [(&str, Policy); 10] = [
    (REBOOT, Policy::Reboot),
    // Which right it needs is not established; it restarts the router.
    (UPDATE, Policy::Reboot),
    ("/password", Policy::Password),
    ("/ping", Policy::Test),
    ("/tool/traceroute", Policy::Test),
    ("/tool/bandwidth-test", Policy::Test),
    ("/tool/fetch", Policy::Test),
    ("/tool/e-mail/send", Policy::Test),
    ("/tool/sniffer/start", Policy::Sniff),
    ("/tool/torch", Policy::Sniff),
];

/// The right of a command that no menu has.
pub(crate) fn outside(path: &[u8]) -> Option<Policies> {
    let known = OUTSIDE.iter().find(|(known, _)| known.as_bytes() == path);
    known.map(|(_, policy)| Policies::of(&[*policy]))
}
