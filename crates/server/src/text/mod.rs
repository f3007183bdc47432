//! Sentences for people: figures, instants, names that may hurt, and why an entry exists.

mod amounts;
mod entry;
mod figures;
mod lines;
mod printable;
mod words;

pub(crate) use amounts::{limit, rate, volume};
pub(crate) use entry::{EntryFacts, sentence};
pub(crate) use lines::{csv_line, cut_off, json_line};
pub(crate) use printable::printable;
pub(crate) use words::{with_words, words};
