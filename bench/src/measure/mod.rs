//! One measurement a file.

pub(crate) mod commit;
pub(crate) mod decode;
pub(crate) mod growth;
pub(crate) mod poll_path;

use crate::figure::{Result, Section};
use crate::scale::Scale;

/// A measurement as the command line names it.
pub(crate) struct Measurement {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Scale) -> Result<Section>,
}

/// All of them, in the order of the table.
pub(crate) const MEASUREMENTS: &[Measurement] = &[
    Measurement { name: "decode", run: decode::run },
    Measurement { name: "poll-path", run: poll_path::run },
    Measurement { name: "commit", run: commit::run },
    Measurement { name: "growth", run: growth::run },
];
