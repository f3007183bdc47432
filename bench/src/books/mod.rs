//! Databases that are measured: the store's own on one side, and a copy that a bare program writes to on the other.

mod postgres;
mod sqlite;

use std::sync::Arc;

use store::{NasId, NewNas, Store};

pub(crate) use self::postgres::{PostgresBooks, Server};
pub(crate) use self::sqlite::SqliteBooks;
use crate::bound::ledger_lines::{Line, Lines};
use crate::figure::Result;
use crate::place::Folder;
use crate::plant::totals::Kept;

/// A database of one kind that knows the plant.
pub(crate) trait Books: Sized {
    /// What its kind is called.
    const DATABASE: &'static str;
    /// What writes to a copy of it by hand.
    type Bare: Bare;

    /// Makes one, with the store's own tables, these routers, and `each` subscribers on each of them.
    fn make(folder: &Folder, name: &str, routers: Vec<NewNas>, each: u32) -> Result<(Self, Vec<NasId>)>;

    /// The store on it.
    fn open(&self) -> Result<Arc<dyn Store>>;

    /// A copy as it is now, while nobody asks its store for anything.
    fn twin(&self, folder: &Folder) -> Result<Self::Bare>;

    /// What it holds.
    fn kept(&mut self) -> Result<Kept>;
}

/// A bare program on a database of its own.
pub(crate) trait Bare {
    /// What it would keep in memory of a router.
    fn lines(&mut self, nas: NasId) -> Result<Lines>;

    /// Writes what was read of a router at `at` (microseconds of our clock) in one transaction: the rows the store writes
    /// for a round in which only counters moved.
    fn commit(&mut self, at: i64, nas: NasId, lines: &[Line]) -> Result<()>;

    /// Finishes what the last commit left to be done.
    fn settle(&mut self) -> Result<()>;

    /// What its database holds.
    fn kept(&mut self) -> Result<Kept>;
}
