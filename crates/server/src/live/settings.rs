//! How much live clients may take.

use std::time::Duration;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct LiveSettings {
    /// Clients at once; further ones are refused.
    pub clients: usize,
    /// Readings of routers that a client may be behind.
    pub behind: usize,
    /// Samples that a client of `/ws` may lose before it was up to date again; it is closed then.
    pub losses: u64,
    /// A client that said nothing for so long is pinged; one that does not answer the second ping is closed.
    pub ping: Duration,
    /// How often `/api/v1/live` is told that all is well.
    pub heartbeat: Duration,
    /// A client that takes nothing for so long is closed.
    pub patience: Duration,
}

impl Default for LiveSettings {
    fn default() -> Self {
        LiveSettings {
            clients: 1_000,
            behind: 256,
            losses: 100,
            ping: Duration::from_secs(20),
            heartbeat: Duration::from_secs(15),
            patience: Duration::from_secs(10),
        }
    }
}
