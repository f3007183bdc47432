//! Which tables there are: asked of both databases, so that what a migration adds is moved without being named here.

use std::collections::{BTreeMap, BTreeSet};

use postgres::Client;
use postgres::types::Type;

use crate::error::StoreError;
use crate::postgres::check::{MIGRATIONS_RUN, MOVED, MOVING};
use crate::sqlite::whole::Described;

use super::error::MoveError;

/// Months are partitions of their table and no tables of their own.
const COLUMNS: &str = "
    SELECT c.relname::text, a.attname::text, a.atttypid, a.attidentity <> '', a.attnum = ANY (p.partattrs::smallint[])
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname::text <> ALL ($1)
    ORDER BY c.relname, a.attnum";
const REFERENCES: &str = "
    SELECT its.relname::text, other.relname::text FROM pg_constraint AS f
    JOIN pg_class AS its ON its.oid = f.conrelid JOIN pg_class AS other ON other.oid = f.confrelid
    WHERE f.contype = 'f' AND f.conparentid = 0 AND f.conrelid <> f.confrelid
      AND f.connamespace = current_schema()::regnamespace";

/// A column.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Type,
}

/// A table that both sides have.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// Columns by which the file finds its rows in order.
    pub(crate) key: Vec<usize>,
    /// The column whose values PostgreSQL makes when none is given.
    pub(crate) identity: Option<usize>,
    /// The column by which its rows are spread over months.
    pub(crate) spread_by: Option<usize>,
}

impl Table {
    /// For statements.
    pub(crate) fn quoted(&self) -> String {
        quoted(&self.name)
    }

    /// Those of the key.
    pub(crate) fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().map(|column| &self.columns[*column])
    }
}

/// Columns, for statements.
pub(crate) fn listed<'c>(columns: impl Iterator<Item = &'c Column>) -> String {
    columns.map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// All tables, each after those it refers to.
///
/// # Errors
/// `Target` when the two sides do not have the same.
pub(crate) fn of_both(described: Vec<Described>, client: &mut Client) -> Result<Vec<Table>, MoveError> {
    let mut described: BTreeMap<String, Described> =
        described.into_iter().map(|table| (table.name.clone(), table)).collect();
    let mut tables = of_postgres(client)?;
    for table in &mut tables {
        let theirs = described.remove(&table.name).ok_or_else(|| only_one_has(&table.name))?;
        table.key = matched(table, &theirs)?;
    }
    match described.into_keys().next() {
        Some(name) => Err(only_one_has(&name)),
        None => in_order(tables, &references(client)?),
    }
}

/// Those of PostgreSQL, without the keys of the file.
///
/// # Errors
/// `Target` when one has a column that is none of ours.
pub(crate) fn of_postgres(client: &mut Client) -> Result<Vec<Table>, MoveError> {
    let mut tables: Vec<Table> = Vec::new();
    for row in client.query(COLUMNS, &[&[MIGRATIONS_RUN, MOVING, MOVED].as_slice()])? {
        let name: String = row.try_get(0)?;
        if tables.last().is_none_or(|table| table.name != name) {
            tables.push(Table {
                name,
                columns: Vec::new(),
                key: Vec::new(),
                identity: None,
                spread_by: None,
            });
        }
        let Some(table) = tables.last_mut() else { continue };
        let (at, kind) = (table.columns.len(), kind(row.try_get(2)?, &table.name)?);
        table.columns.push(Column { name: row.try_get(1)?, kind });
        if row.try_get(3)? {
            table.identity = Some(at);
        }
        if row.try_get::<_, Option<bool>>(4)? == Some(true) {
            table.spread_by = Some(at);
        }
    }
    Ok(tables)
}

fn kind(oid: u32, table: &str) -> Result<Type, MoveError> {
    let known = [Type::INT8, Type::TEXT, Type::BYTEA].into_iter().find(|kind| kind.oid() == oid);
    known.ok_or_else(|| unequal(&format!("{table} has a column that is no number, text or bytes")))
}

/// Where the key's columns are, all columns being the same.
fn matched(table: &Table, theirs: &Described) -> Result<Vec<usize>, MoveError> {
    let ours: BTreeSet<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    if ours != theirs.columns.iter().map(String::as_str).collect() {
        return Err(unequal(&format!("the columns of {} are not the same", table.name)));
    }
    let place = |name: &String| table.columns.iter().position(|column| column.name == *name);
    let key: Option<Vec<usize>> = theirs.key.iter().map(place).collect();
    key.filter(|key| !key.is_empty()).ok_or_else(|| unequal(&format!("{} has no key", table.name)))
}

fn references(client: &mut Client) -> Result<Vec<(String, String)>, MoveError> {
    client.query(REFERENCES, &[])?.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Each after those it refers to. Rows that refer to rows of their own table refer to older ones.
fn in_order(mut tables: Vec<Table>, references: &[(String, String)]) -> Result<Vec<Table>, MoveError> {
    let mut ordered: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let is_there = |name: &String| ordered.iter().any(|table| table.name == *name);
        let may_come =
            |table: &Table| references.iter().all(|(its, other)| *its != table.name || is_there(other));
        let next = tables.iter().position(may_come);
        let next =
            next.ok_or_else(|| unequal(&format!("{} is in a circle of references", tables[0].name)))?;
        ordered.push(tables.remove(next));
    }
    Ok(ordered)
}

fn only_one_has(name: &str) -> MoveError {
    unequal(&format!("only one of them has a table {name}"))
}

fn unequal(why: &str) -> MoveError {
    MoveError::Target(StoreError::Unavailable(format!(
        "the two databases do not have the same tables ({why}), so that not all could be moved; somebody changed one of them, \
         or this is a fault of the program: please report it"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Table {
        Table { name: name.to_owned(), columns: vec![], key: vec![], identity: None, spread_by: None }
    }

    fn order(names: &[&str], references: &[(&str, &str)]) -> Result<Vec<String>, MoveError> {
        let references: Vec<_> =
            references.iter().map(|(its, other)| ((*its).to_owned(), (*other).to_owned())).collect();
        let ordered = in_order(names.iter().map(|name| table(name)).collect(), &references)?;
        Ok(ordered.into_iter().map(|table| table.name).collect())
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        let told = order(&["a", "b", "c", "d"], &[("a", "c"), ("c", "d"), ("b", "a")]).unwrap();
        assert_eq!(told, ["d", "c", "a", "b"]);
    }

    #[test]
    fn a_circle_is_told() {
        assert!(order(&["a", "b"], &[("a", "b"), ("b", "a")]).unwrap_err().to_string().contains("circle"));
    }
}
