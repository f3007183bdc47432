//! The rows of a counter print.

use crate::octets::Octets;

/// One counter of a table as printed: the router's handle and name for it and its octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterRow<'a> {
    /// The table and the router's own id of the row ([`crate::table::Table::handle`]); may be given to another row after
    /// a reboot.
    pub handle: u64,
    /// The name as raw bytes.
    pub name: &'a [u8],
    /// The counter's value.
    pub octets: Octets,
}

/// The rows of one counter print, packed: 100,000 rows are a few megabytes and four allocations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CounterRows {
    handles: Vec<u64>,
    octets: Vec<Octets>,
    name_ends: Vec<u32>,
    names: Vec<u8>,
}

impl CounterRows {
    /// An empty table with room for `rows` rows.
    pub fn with_capacity(rows: usize) -> Self {
        CounterRows {
            handles: Vec::with_capacity(rows),
            octets: Vec::with_capacity(rows),
            name_ends: Vec::with_capacity(rows),
            names: Vec::with_capacity(rows * 20),
        }
    }

    /// Appends one row.
    ///
    /// # Panics
    /// When the names of one table together exceed 4 GiB, which the protocol's own limits rule out.
    pub fn push(&mut self, row: CounterRow<'_>) {
        self.handles.push(row.handle);
        self.octets.push(row.octets);
        self.names.extend_from_slice(row.name);
        let end = u32::try_from(self.names.len()).expect("a table's names stay far below 4 GiB");
        self.name_ends.push(end);
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.handles.len()
    }

    /// True when the table has no row.
    pub fn is_empty(&self) -> bool {
        self.handles.is_empty()
    }

    /// Row `index`, counted from 0; `None` past the end.
    pub fn row(&self, index: usize) -> Option<CounterRow<'_>> {
        let end = *self.name_ends.get(index)? as usize;
        let start = if index == 0 { 0 } else { self.name_ends[index - 1] as usize };
        Some(CounterRow {
            handle: self.handles[index],
            name: &self.names[start..end],
            octets: self.octets[index],
        })
    }

    /// All rows in the order they were printed.
    pub fn rows(&self) -> impl Iterator<Item = CounterRow<'_>> + '_ {
        (0..self.len()).filter_map(|index| self.row(index))
    }

    /// Octets of all rows added up.
    pub fn sum(&self) -> Octets {
        self.octets.iter().copied().sum()
    }

    /// Bytes of memory held, for the bound on waiting snapshots (DESIGN rule 13).
    pub fn memory_bytes(&self) -> usize {
        self.handles.capacity() * 8
            + self.octets.capacity() * 16
            + self.name_ends.capacity() * 4
            + self.names.capacity()
    }
}
