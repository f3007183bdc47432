//! A device in sight of the hotspot.

use super::super::octets::Octets;
use super::super::session::SessionKey;
use super::super::stream::Pace;

/// A row of `/ip/hotspot/host`.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) id: u64,
    pub(crate) mac: Vec<u8>,
    pub(crate) address: u32,
    pub(crate) since_us: u64,
    /// The login or the bypassing it has now.
    pub(crate) session: Option<SessionKey>,
    /// Counted before that.
    pub(crate) before: Octets,
    /// What it would move if it were let in.
    pub(crate) wish: Pace,
}
