//! What people see: checked writes, tables, decimal units, names made harmless.

mod figures;
mod instant;
mod printable;
mod table;
mod terminal;
mod word;

pub(crate) use figures::{octets, percent, rate, upper};
pub(crate) use instant::instant;
pub(crate) use operations::{grouped, many};
pub(crate) use printable::{printable, printable_lines};
pub(crate) use table::Table;
pub(crate) use terminal::{Exported, Terminal};
pub(crate) use word::shell_word;
