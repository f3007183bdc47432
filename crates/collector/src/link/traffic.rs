//! What went over the wire, counted where it is read and written.

use std::ops::{Add, AddAssign, Sub};

/// Bytes and sentences in both directions, as the API protocol's own bytes (without TCP and IP headers).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes received from the router.
    pub bytes_in: u64,
    /// Bytes sent to the router.
    pub bytes_out: u64,
    /// Sentences received from the router.
    pub sentences_in: u64,
    /// Sentences sent to the router.
    pub sentences_out: u64,
}

impl Add for Traffic {
    type Output = Traffic;
    fn add(self, other: Traffic) -> Traffic {
        Traffic {
            bytes_in: self.bytes_in + other.bytes_in,
            bytes_out: self.bytes_out + other.bytes_out,
            sentences_in: self.sentences_in + other.sentences_in,
            sentences_out: self.sentences_out + other.sentences_out,
        }
    }
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, other: Traffic) {
        *self = *self + other;
    }
}

impl Sub for Traffic {
    type Output = Traffic;

    /// Growth since an earlier reading of the same counters.
    fn sub(self, earlier: Traffic) -> Traffic {
        Traffic {
            bytes_in: self.bytes_in - earlier.bytes_in,
            bytes_out: self.bytes_out - earlier.bytes_out,
            sentences_in: self.sentences_in - earlier.sentences_in,
            sentences_out: self.sentences_out - earlier.sentences_out,
        }
    }
}
