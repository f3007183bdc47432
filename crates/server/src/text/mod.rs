//! Sentences for people: figures, instants, names that may hurt, and why an entry exists.

mod entry;
mod figures;
mod lines;
mod printable;
mod words;

pub(crate) use entry::{EntryFacts, sentence};
pub(crate) use lines::{csv_line, cut_off, json_line};
pub(crate) use operations::{limit_text as limit, rate_for_people as rate, volume_for_people as volume};
pub(crate) use printable::printable;
pub(crate) use words::{with_words, words};
