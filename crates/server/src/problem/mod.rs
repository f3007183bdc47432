//! Errors towards clients: RFC 9457 problem+json, made in one place and declared in one place.

mod answer;
mod declared;
mod monitor;
mod operation;

pub(crate) use answer::{Detail, MEDIA_TYPE, Problem};
pub(crate) use declared::{Declared, public, public_write, read, write};
pub(crate) use operation::in_query;
