//! Counts of octets in both directions, always from the router's side of RFC 2866: *input* came from the
//! subscriber (upload), *output* went to the subscriber (download).

/// Octets in both directions. Input = received from the subscriber (upload), output = sent to it (download).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Octets {
    /// Octets the router received from the subscriber (Acct-Input-Octets).
    pub input: u64,
    /// Octets the router sent to the subscriber (Acct-Output-Octets).
    pub output: u64,
}

impl Octets {
    /// No octet in either direction.
    pub const ZERO: Octets = Octets { input: 0, output: 0 };

    /// Octets of both directions from two plain numbers.
    pub const fn new(input: u64, output: u64) -> Self {
        Octets { input, output }
    }

    /// Growth since `earlier`, or `None` when either direction dropped (the counter was reset).
    pub fn grown_since(self, earlier: Octets) -> Option<Octets> {
        Some(Octets::new(self.input.checked_sub(earlier.input)?, self.output.checked_sub(earlier.output)?))
    }

    /// Both directions added up, saturating at the largest number.
    pub fn both(self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// True when nothing was counted in either direction.
    pub fn is_zero(self) -> bool {
        self == Octets::ZERO
    }

    /// `self - other` in each direction, never below zero.
    pub fn saturating_sub(self, other: Octets) -> Octets {
        Octets::new(self.input.saturating_sub(other.input), self.output.saturating_sub(other.output))
    }
}

impl std::ops::Add for Octets {
    type Output = Octets;
    fn add(self, other: Octets) -> Octets {
        Octets::new(self.input.saturating_add(other.input), self.output.saturating_add(other.output))
    }
}

impl std::ops::AddAssign for Octets {
    fn add_assign(&mut self, other: Octets) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Octets {
    fn sum<I: Iterator<Item = Octets>>(items: I) -> Octets {
        items.fold(Octets::ZERO, |total, one| total + one)
    }
}
