//! What is told of those who are watched.

use std::collections::BTreeSet;

use operations::{RateReading, Standing};
use uuid::Uuid;

use super::differences::Outcome;
use super::stream::Stream;

/// What is told of those who are watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// What they moved at one moment.
    Read(Vec<RateReading>),
    /// How watching one of them stands.
    Stands(Uuid, Standing),
}

/// The router says nothing any more of those whom the stream measures.
pub(super) fn silent(stream: &Stream) -> Vec<Said> {
    let why = "the router has given no sample for three intervals; it is asked anew";
    let customers: BTreeSet<Uuid> = stream.lines().iter().map(|line| line.customer).collect();
    customers.into_iter().map(|id| Said::Stands(id, Standing::Trouble(why.to_owned()))).collect()
}

/// What came of counters that were read twice.
pub(super) fn told(outcomes: Vec<Outcome>) -> Vec<Said> {
    let (mut said, mut readings) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Outcome::Moved(reading) => readings.push(reading),
            Outcome::Begun => {}
            Outcome::Absent(id) => said.push(Said::Stands(id, Standing::NoSession)),
            Outcome::Refused(id, why) => said.push(Said::Stands(id, Standing::Trouble(why))),
        }
    }
    if !readings.is_empty() {
        said.push(Said::Read(readings));
    }
    said
}
