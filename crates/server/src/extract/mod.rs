//! What handlers take from a request. axum's own extractors answer plain text when they refuse; these answer
//! problem+json in words.

mod csv_file;
mod json;
mod object;
mod path;
mod peer;
mod query;

pub(crate) use csv_file::CsvFile;
pub(crate) use json::Json;
pub(crate) use object::{object, objects};
pub(crate) use path::Path;
pub(crate) use peer::Peer;
pub(crate) use query::Query;
