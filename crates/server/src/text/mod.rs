//! Sentences for people: figures, instants, names that may hurt, and why an entry exists.

mod csv_cell;
mod entry;
mod figures;
mod printable;

pub(crate) use csv_cell::csv_cell;
pub(crate) use entry::{EntryFacts, sentence};
pub(crate) use printable::printable;
