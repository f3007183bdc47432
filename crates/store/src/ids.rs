//! Row keys that callers hold on to.

/// Row of a router ("nas"); never given to another router, even after it was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NasId(pub i64);

impl std::fmt::Display for NasId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
