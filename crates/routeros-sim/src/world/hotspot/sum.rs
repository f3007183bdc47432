//! What a user of the hotspot adds up to.

use super::super::octets::Octets;

/// What a row of `/ip/hotspot/user` adds up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UserSum {
    /// Of logins that are over.
    pub(super) finished: Octets,
    pub(super) finished_us: u64,
    /// What it showed when it was reset, or made: it counts from there.
    pub(super) before: Octets,
    /// What there was then, whatever it showed.
    pub(super) used_before: Octets,
}
