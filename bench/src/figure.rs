//! What a measurement found.

/// Anything that keeps a measurement from a true figure ends it, with a sentence.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// All figures of one measurement, and how they were taken.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) figures: Vec<Figure>,
    /// What a reader must know to judge them.
    pub(crate) notes: Vec<String>,
}

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) what: String,
    pub(crate) ours: String,
    /// What it is compared with; empty when it stands alone.
    pub(crate) bound: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// `None`: reported, not judged.
    pub(crate) target: Option<Target>,
}

/// What a value should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    /// Whether `value` is what it should be.
    pub(crate) fn is_met(self, value: f64) -> bool {
        match self {
            Target::AtLeast(least) => value >= least,
            Target::AtMost(most) => value <= most,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_met_from_their_own_side() {
        assert!(Target::AtLeast(0.6).is_met(0.6) && !Target::AtLeast(0.6).is_met(0.59));
        assert!(Target::AtMost(2.0).is_met(2.0) && !Target::AtMost(2.0).is_met(2.01));
    }
}
