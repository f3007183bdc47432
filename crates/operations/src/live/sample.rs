//! What a subscriber moves at one moment.

use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use store::NasId;
use uuid::Uuid;

use super::watch::Customer;

/// How a rate was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleSource {
    /// The router measured the interface of a session.
    Session,
    /// The router measured the interface that faces them: what passes there counts, whoever sends it.
    Facing,
    /// A counter was read twice: the mean over the time between.
    Counters {
        /// That time.
        over: Duration,
    },
}

/// What a router said of one watched subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateReading {
    /// Who.
    pub customer: Uuid,
    /// Name of the interface, queue or device, raw bytes; several are joined by `, `.
    pub interface: Arc<[u8]>,
    /// Bits a second that the router received from the subscriber: upload.
    pub input_bps: u64,
    /// Bits a second that the router sent to the subscriber: download.
    pub output_bps: u64,
    /// How it was come by.
    pub source: SampleSource,
}

/// A reading of somebody who is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSample {
    /// Whose.
    pub customer: Arc<Customer>,
    /// The row of the router that said so.
    pub nas: NasId,
    /// Which of theirs it is since they are watched: 1, 2, 3... A reader that lacks one was too slow for it.
    pub no: u64,
    /// What it is.
    pub reading: RateReading,
    /// Our clock when the router's words arrived.
    pub at: Micros,
}
