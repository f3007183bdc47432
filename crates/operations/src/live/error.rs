//! Why somebody is not watched.

use crate::error::OperationError;

/// See the module. Nothing was changed, whatever the variant, but by `Untold`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MonitorError {
    /// Watching is switched off.
    #[error("watching is switched off here; set monitor.enabled to watch subscribers")]
    Disabled,
    /// No subscriber is called so, or they are not served.
    #[error("no active subscriber is called so; list them with: tikmeter subscriber list")]
    Unknown,
    /// Nothing tells by what to find them on a router.
    #[error(
        "no login is theirs, so no router can be asked about them; bind one with: tikmeter subscriber bind"
    )]
    NoLogin,
    /// They are not connected, as far as the routers' last readings show.
    #[error("they have no session now; watch them once they are connected (tikmeter sessions shows who is)")]
    NoSession,
    /// So many are watched already.
    #[error("all {most} slots are taken; stop watching somebody, or raise monitor.slots")]
    SlotsTaken {
        /// How many there are.
        most: u32,
    },
    /// Their router is not reached, or not by this process.
    #[error("nobody on the router {router} can be watched now: {because}")]
    NotConnected {
        /// Its name.
        router: String,
        /// Why.
        because: String,
    },
    /// Slots are those of all processes, and one that lives is not heard: how many it has taken is not known.
    #[error(
        "nobody more can be watched at the moment, for it is not known how many slots other processes have taken: {because}"
    )]
    Unheard {
        /// Why it is not heard, for people.
        because: String,
    },
    /// It may have been started in another process, which cannot be told that it is to end. In this process it is not started
    /// any more.
    #[error(
        "it is not started in this process (any more); if another one started it, it goes on there: {because}"
    )]
    Untold {
        /// Why that one cannot be told, for people.
        because: String,
    },
    /// Looking them up failed.
    #[error(transparent)]
    Failed(#[from] OperationError),
}
