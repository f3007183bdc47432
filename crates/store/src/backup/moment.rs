//! All tables of a database as they are at one moment, whoever writes meanwhile.

use postgres::binary_copy::BinaryCopyOutIter;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::Type;
use postgres::{Client, IsolationLevel, Transaction};

use crate::error::StoreError;
use crate::moving::packed;
use crate::moving::tables::{Table, listed, of_postgres};
use crate::postgres::migrate;
use crate::sql::row::Cell;
use crate::sqlite::whole::{Described, Whole};

use super::error::BackupError;

/// Is shown a row.
pub(super) type SeeRow<'s> = &'s mut dyn FnMut(&[Cell<'_>]) -> Result<(), BackupError>;

/// A table of a moment.
pub(super) struct TableThere {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    /// The highest id it ever gave, also to rows that are gone; `None` where it gives none or nobody remembers.
    pub(super) highest_id: Option<i64>,
}

/// See the module.
pub(super) trait Moment {
    /// The version of the tables.
    fn migration(&mut self) -> Result<i64, BackupError>;

    /// All tables, by name.
    fn tables(&mut self) -> Result<Vec<TableThere>, BackupError>;

    /// Shows every row of a table, in any order.
    fn rows(&mut self, table: &TableThere, see: SeeRow<'_>) -> Result<(), BackupError>;
}

impl Moment for Whole {
    fn migration(&mut self) -> Result<i64, BackupError> {
        Ok(self.version()?)
    }

    fn tables(&mut self) -> Result<Vec<TableThere>, BackupError> {
        let of = |table: Described| {
            let highest_id = self.highest_id(&table.name)?;
            Ok(TableThere { name: table.name, columns: table.columns, highest_id })
        };
        Whole::tables(self)?.into_iter().map(of).collect()
    }

    fn rows(&mut self, table: &TableThere, see: SeeRow<'_>) -> Result<(), BackupError> {
        let sql = format!("SELECT {} FROM {}", quoted(&table.columns), quoted_one(&table.name));
        let mut broken = None;
        self.stream(&sql, &[], &mut |row| {
            broken = see(&packed::cells(row, table.columns.len())?).err();
            Ok(broken.is_none())
        })?;
        broken.map_or(Ok(()), Err)
    }
}

/// A snapshot of PostgreSQL.
pub(super) struct Snapshot<'c> {
    transaction: Transaction<'c>,
    tables: Vec<Table>,
}

impl<'c> Snapshot<'c> {
    /// Begins one. Its tables are locked against being replaced before it sees anything: what puts another table into the
    /// place of one, as folding a month does, would make the rows of it vanish from a snapshot that is older.
    pub(super) fn begin(client: &'c mut Client) -> Result<Snapshot<'c>, BackupError> {
        let tables = of_postgres(client).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let names = tables.iter().map(Table::quoted).collect::<Vec<_>>().join(", ");
        let transaction = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
        let mut transaction = transaction.read_only(true).start()?;
        transaction.batch_execute(&format!("LOCK TABLE {names} IN ACCESS SHARE MODE"))?;
        Ok(Snapshot { transaction, tables })
    }
}

impl Moment for Snapshot<'_> {
    fn migration(&mut self) -> Result<i64, BackupError> {
        Ok(migrate::newest(&mut self.transaction)?)
    }

    fn tables(&mut self) -> Result<Vec<TableThere>, BackupError> {
        let Snapshot { transaction, tables } = self;
        let of = |table: &Table| {
            let highest_id = highest_id(transaction, table)?;
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            Ok(TableThere { name: table.name.clone(), columns, highest_id })
        };
        tables.iter().map(of).collect()
    }

    fn rows(&mut self, table: &TableThere, see: SeeRow<'_>) -> Result<(), BackupError> {
        let known = self.tables.iter().find(|known| known.name == table.name);
        let known = known.ok_or_else(|| StoreError::Corrupt(format!("{} is gone", table.name)))?;
        let (columns, name) = (listed(known.columns.iter()), known.quoted());
        let query = format!("COPY (SELECT {columns} FROM {name}) TO STDOUT WITH (FORMAT binary)");
        let types: Vec<Type> = known.columns.iter().map(|column| column.kind.clone()).collect();
        let mut rows = BinaryCopyOutIter::new(self.transaction.copy_out(&query)?, &types);
        while let Some(row) = rows.next()? {
            let cells: Vec<Cell<'_>> =
                (0..types.len()).map(|column| row.try_get(column)).collect::<Result<_, _>>()?;
            see(&cells)?;
        }
        Ok(())
    }
}

/// The highest id that the table gave by itself, or has.
fn highest_id(transaction: &mut Transaction<'_>, table: &Table) -> Result<Option<i64>, BackupError> {
    let Some(column) = table.identity else { return Ok(None) };
    let (column, name) = (&table.columns[column].name, table.quoted());
    let sql = format!(
        "SELECT greatest((SELECT max(\"{column}\") FROM {name}),
                         pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass))"
    );
    Ok(transaction.query_one(&sql, &[&name, &column])?.try_get(0)?)
}

/// Columns, for statements.
pub(super) fn quoted(columns: &[String]) -> String {
    columns.iter().map(|name| quoted_one(name)).collect::<Vec<_>>().join(", ")
}

/// A name, for statements.
pub(super) fn quoted_one(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
