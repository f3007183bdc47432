//! Which table and columns of the file are meant.

use std::collections::BTreeMap;
use std::path::Path;

use store::ForeignFile;

use super::meaning::{MEANINGS, Meaning};

/// What the table is usually called.
const TABLES: [&str; 2] = ["vouchers", "voucher"];
/// Rows that are read at the most.
const MOST: usize = 200_000;

/// What was found and understood.
#[derive(Debug)]
pub(super) struct Found {
    /// The table's name.
    pub(super) table: String,
    /// The columns that are taken, by what they mean.
    pub(super) columns: BTreeMap<Meaning, String>,
    /// The names of all other columns.
    pub(super) left: Vec<String>,
    /// The values of the taken columns, in the order of their meanings.
    pub(super) rows: Vec<Vec<Option<String>>>,
}

impl Found {
    /// Reads the file. What is said goes before what is usual.
    ///
    /// # Errors
    /// Half a sentence, with what the file has where it is not understood.
    pub(super) fn in_file(
        path: &Path,
        table: Option<&str>,
        said: &[(Meaning, String)],
    ) -> Result<Found, String> {
        let file = ForeignFile::open(path)?;
        let tables = file.tables()?;
        let (table, all) = choose(&tables, table, said)?;
        let columns = columns(table, all, said)?;
        let taken: Vec<&str> = columns.values().map(String::as_str).collect();
        let rows = file.rows(table, &taken, MOST)?;
        let left = all.iter().filter(|column| !taken.contains(&column.as_str())).cloned().collect();
        Ok(Found { table: table.to_owned(), columns, left, rows })
    }

    /// The value of a row; `None` where it is lacking or empty, or there is no such column.
    pub(super) fn value<'r>(&self, row: &'r [Option<String>], meaning: Meaning) -> Option<&'r str> {
        let at = self.columns.keys().position(|known| *known == meaning)?;
        row[at].as_deref().map(str::trim).filter(|value| !value.is_empty())
    }
}

type Tables = [(String, Vec<String>)];

fn choose<'t>(
    tables: &'t Tables,
    said: Option<&str>,
    columns: &[(Meaning, String)],
) -> Result<(&'t str, &'t [String]), String> {
    let named = |name: &str| tables.iter().find(|(table, _)| table.eq_ignore_ascii_case(name));
    let found = match said {
        Some(name) => named(name),
        None => TABLES.iter().find_map(|name| named(name)).or_else(|| only_with_codes(tables, columns)),
    };
    found.map(|(table, columns)| (table.as_str(), &columns[..])).ok_or_else(|| {
        let missing = said.map_or("it has no table vouchers".to_owned(), |name| {
            format!("it has no table {}", name.escape_debug())
        });
        format!("{missing}; say with --table which it is. It has {}", shown(tables))
    })
}

/// The only table with a column of codes.
fn only_with_codes<'t>(tables: &'t Tables, said: &[(Meaning, String)]) -> Option<&'t (String, Vec<String>)> {
    let has_codes = |(_, columns): &&(String, Vec<String>)| column_of(columns, Meaning::Code, said).is_some();
    let mut with_codes = tables.iter().filter(has_codes);
    with_codes.next().filter(|_| with_codes.next().is_none())
}

fn columns(
    table: &str,
    all: &[String],
    said: &[(Meaning, String)],
) -> Result<BTreeMap<Meaning, String>, String> {
    if let Some((_, missing)) = said.iter().find(|(_, name)| !all.contains(name)) {
        return Err(format!(
            "its table {table} has no column {}; it has {}",
            missing.escape_debug(),
            all.join(", ")
        ));
    }
    let mut columns = BTreeMap::new();
    for (meaning, ..) in MEANINGS {
        columns.extend(column_of(all, meaning, said).map(|column| (meaning, column.clone())));
    }
    if columns.contains_key(&Meaning::Code) {
        return Ok(columns);
    }
    Err(format!(
        "no column of its table {table} is called code; say with --column code=NAME which it is. It has {}",
        all.join(", ")
    ))
}

fn column_of<'c>(all: &'c [String], meaning: Meaning, said: &[(Meaning, String)]) -> Option<&'c String> {
    match said.iter().find(|(known, _)| *known == meaning) {
        Some((_, name)) => all.iter().find(|column| *column == name),
        None => all
            .iter()
            .find(|column| meaning.is_usual(column) && !said.iter().any(|(_, name)| name == *column)),
    }
}

fn shown(tables: &Tables) -> String {
    let table = |(name, columns): &(String, Vec<String>)| format!("{name} ({})", columns.join(", "));
    match tables {
        [] => "no table at all".to_owned(),
        tables => tables.iter().map(table).collect::<Vec<_>>().join("; "),
    }
}
