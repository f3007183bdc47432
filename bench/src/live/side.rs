//! The two sides that are compared, and what both tell.

/// How this program starts itself as one of the children; not for people.
pub(crate) const LIVE: &str = "--live-of";

/// Routers whose subscribers are watched.
pub(crate) const ROUTERS: u32 = 10;

/// Subscribers watched on each.
pub(crate) const EACH: u32 = 5;

/// Who tells the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Our server.
    Ours,
    /// The plain bound.
    Bare,
}

impl Side {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Side::Ours => "ours",
            Side::Bare => "bare",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Side> {
        [Side::Ours, Side::Bare].into_iter().find(|side| side.as_str() == name)
    }
}
