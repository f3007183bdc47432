//! What no poller can have seen, because somebody reset a counter at an unlucky moment.

use super::octets::Octets;
use super::session::SessionKey;

/// Octets a counter reset by hand hid from every poller: the counter had overtaken its old value, in both
/// directions, by the next clean print, so the print looked as if it had only grown (DESIGN rule 9).
#[derive(Clone, Copy, Debug)]
pub(crate) struct HiddenByReset {
    pub(crate) session: SessionKey,
    pub(crate) at_us: u64,
    pub(crate) octets: Octets,
}
