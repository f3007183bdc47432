//! Why a round gave no snapshot.

use crate::link::LinkError;

/// A round that failed is discarded whole.
#[derive(Debug, thiserror::Error)]
pub enum RoundError {
    /// A print failed. See [`LinkError::ends_link`] for whether the connection survived.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The uptime fell within the round, so its tables are of two boots.
    #[error(
        "The router restarted in the middle of a round (uptime {before} s, then {after} s). The round was discarded; \
         the next one reads everything anew."
    )]
    BootChanged {
        /// Uptime at the begin of the round, seconds.
        before: u64,
        /// Uptime at its end, seconds.
        after: u64,
    },
    /// Without an uptime nothing can be said about what began when.
    #[error(
        "The router gave no readable uptime, so nothing was counted. `/system resource print` on the router shows what \
         it has."
    )]
    NoUptime,
    /// Counters belong to a device, and this one cannot be told from another.
    #[error(
        "The router gave neither a serial number nor a licence id, so its counters cannot be told from another \
         router's and nothing was counted. `/system routerboard print` and `/system license print` should show one."
    )]
    NoDeviceKey,
}

impl RoundError {
    /// False when the connection can be used for the next round.
    pub fn ends_link(&self) -> bool {
        match self {
            RoundError::Link(error) => error.ends_link(),
            RoundError::BootChanged { .. } => true,
            RoundError::NoUptime | RoundError::NoDeviceKey => false,
        }
    }
}
