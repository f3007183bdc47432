//! The notations of single values (`routeros.md` §1.10).
//!
//! Every reader takes raw bytes and answers `None` for what is not in its notation, so that a caller can tell an
//! unknown value from zero. Text from users (names, comments) has no reader: it is bytes in no particular encoding.

mod duration;
mod id;
mod number;
mod version;

pub use duration::{DurationValue, duration, duration_micros, write_duration_colon, write_duration_words};
pub use id::{item_id, session_id, write_item_id};
pub use number::{boolean, octets_pair, pair, rate_bps, unsigned};
pub use version::{Stage, Version, version};
