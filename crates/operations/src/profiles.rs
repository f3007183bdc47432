//! A file of profiles (`profiles.json`) as plans: read, matched with the plans by name, and how that stands. A plan that somebody
//! changed by hand is left as it is, and what differs is shown.

mod board;
mod merge;
mod parse;
mod sync;

pub use board::{ProfileBoard, ProfilesSeen};
pub use merge::{ProfileConflict, ProfileState, ProfileView};
pub use parse::{ProfileFault, parse_profiles};
