//! The journal of acts: as a list, and as a file to keep elsewhere.

mod asked;
mod export;
mod list;
mod shape;

pub(in crate::api) use export::{__path_csv, csv};
pub(in crate::api) use list::{__path_list, list};
