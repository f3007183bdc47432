//! How much is measured.

/// Sizes of all measurements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// Sessions of a big installation.
    pub(crate) sessions: u32,
    /// Times fewer sessions, for what a row costs in a small one.
    pub(crate) fewer: u32,
    /// Too little to judge anything by.
    pub(crate) quick: bool,
}

impl Scale {
    /// What the targets speak of.
    pub(crate) fn full() -> Self {
        Scale { sessions: 100_000, fewer: 10, quick: false }
    }

    /// Enough to prove that everything runs.
    pub(crate) fn quick() -> Self {
        Scale { sessions: 2_000, fewer: 4, quick: true }
    }

    /// Sessions of the small installation.
    pub(crate) fn few_sessions(&self) -> u32 {
        self.sessions / self.fewer
    }
}
