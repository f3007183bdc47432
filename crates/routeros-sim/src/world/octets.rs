//! A pair of octet counts, seen from the router: what it received from the subscriber, what it sent.

use std::ops::{Add, AddAssign};

/// Octets of one subscriber: `input` was received from them (their upload), `output` sent to them (their download).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Octets {
    /// Received from the subscriber: `rx-byte` of a server-side PPP interface (routeros.md §3).
    pub input: u64,
    /// Sent to the subscriber: `tx-byte` of a server-side PPP interface (routeros.md §3).
    pub output: u64,
}

impl Octets {
    /// Both directions at once.
    #[must_use]
    pub const fn new(input: u64, output: u64) -> Self {
        Self { input, output }
    }

    /// Both directions added up.
    #[must_use]
    pub const fn sum(self) -> u64 {
        self.input + self.output
    }

    /// What was added since `earlier`, which must not be larger in either direction.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        debug_assert!(self.input >= earlier.input && self.output >= earlier.output);
        Self::new(self.input - earlier.input, self.output - earlier.output)
    }

    /// The smaller of the two, each direction by itself.
    #[must_use]
    pub fn at_most(self, other: Self) -> Self {
        Self::new(self.input.min(other.input), self.output.min(other.output))
    }
}

impl Add for Octets {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.input + other.input, self.output + other.output)
    }
}

impl AddAssign for Octets {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Octets {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::default(), Add::add)
    }
}
