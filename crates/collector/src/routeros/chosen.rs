//! Rows of a table that are asked for one by one: each by the name it had last and by the ids it is known under, for
//! either may have changed.

use accounting::snapshot::{CounterRow, CounterRows};
use accounting::table::Table;
use routeros_proto::{Command, value};
use rustc_hash::FxHashSet;
use store::Asked;

/// Rows that one query names: some 20 KiB to the router. What is beyond takes another print.
const MOST_IN_A_QUERY: usize = 512;

/// The enrolled rows of one table, as one query names them.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a>(&'a [&'a Asked]);

/// The enrolled rows of a table, in as many parts as their query must have.
pub fn parts<'a>(asked: &'a [&'a Asked]) -> impl Iterator<Item = Chosen<'a>> {
    asked.chunks(MOST_IN_A_QUERY).map(Chosen)
}

impl Chosen<'_> {
    /// Adds them to what a command asks for; `beside`: its query names other rows already.
    pub(super) fn query(self, command: Command, beside: bool) -> Command {
        let names: Vec<&[u8]> = self.0.iter().map(|one| &*one.name).collect();
        let command = command.query_any_of("name", &names);
        let command = if beside { command.query("?#|") } else { command };
        let ids: Vec<Vec<u8>> = self.0.iter().flat_map(|one| &one.ids).map(|id| item_id(*id)).collect();
        if ids.is_empty() { command } else { command.query_any_of(".id", &ids).query("?#|") }
    }
}

/// Which rows of a print are enrolled ones of a table.
pub struct Picked<'a> {
    table: Table,
    names: FxHashSet<&'a [u8]>,
    ids: FxHashSet<u64>,
}

impl<'a> Picked<'a> {
    /// Those asked for in that table.
    pub fn of(table: Table, asked: &[&'a Asked]) -> Self {
        Picked {
            table,
            names: asked.iter().map(|one| &*one.name).collect(),
            ids: asked.iter().flat_map(|one| one.ids.iter().copied()).collect(),
        }
    }

    /// The row as one of the table, if it was asked for.
    pub fn pick<'r>(&self, row: CounterRow<'r>) -> Option<CounterRow<'r>> {
        let id = Table::id(row.handle);
        let asked = self.ids.contains(&id) || self.names.contains(row.name);
        Some(CounterRow { handle: self.table.handle(id).filter(|_| asked)?, ..row })
    }

    /// Rows that were asked for beside others; the others stay.
    pub fn split(&self, rows: &mut CounterRows) -> CounterRows {
        let mut picked = CounterRows::default();
        let mut others = CounterRows::with_capacity(rows.len());
        for row in rows.rows() {
            match self.pick(row) {
                Some(row) => picked.push(row),
                None => others.push(row),
            }
        }
        *rows = others;
        picked
    }
}

pub(super) fn item_id(id: u64) -> Vec<u8> {
    let mut word = Vec::with_capacity(12);
    value::write_item_id(id, &mut word);
    word
}
