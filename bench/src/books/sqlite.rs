//! The database that is a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::{NasId, NewNas, Sqlite, Store};

use super::{Bare, Books};
use crate::bound::ledger_lines::{Line, Lines};
use crate::bound::sqlite_loop::SqliteLoop;
use crate::figure::Result;
use crate::place::Folder;
use crate::plant::database;
use crate::plant::totals::{Kept, Totals};

/// A file.
pub(crate) struct SqliteBooks(PathBuf);

impl SqliteBooks {
    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Books for SqliteBooks {
    const DATABASE: &'static str = "SQLite";
    type Bare = BareFile;

    fn make(folder: &Folder, name: &str, routers: Vec<NewNas>, each: u32) -> Result<(Self, Vec<NasId>)> {
        let path = folder.file(&format!("{name}.db"));
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let added = runtime.block_on(database::make(&path, routers, each))?;
        Ok((SqliteBooks(path), added))
    }

    fn open(&self) -> Result<Arc<dyn Store>> {
        Ok(Arc::new(Sqlite::open(&self.0)?))
    }

    fn twin(&self, folder: &Folder) -> Result<BareFile> {
        let path = folder.file("bound.db");
        database::copy(&self.0, &path)?;
        Ok(BareFile { writes: SqliteLoop::open(&path)?, path })
    }

    fn kept(&mut self) -> Result<Kept> {
        Totals::open(&self.0)?.kept()
    }
}

/// A copy, and the bare loop that writes to it.
pub(crate) struct BareFile {
    path: PathBuf,
    writes: SqliteLoop,
}

impl Bare for BareFile {
    fn lines(&mut self, nas: NasId) -> Result<Lines> {
        self.writes.lines(nas)
    }

    fn commit(&mut self, at: i64, nas: NasId, lines: &[Line]) -> Result<()> {
        self.writes.commit(at, [(nas, lines)])
    }

    fn settle(&mut self) -> Result<()> {
        self.writes.checkpoint()
    }

    fn kept(&mut self) -> Result<Kept> {
        Totals::open(&self.path)?.kept()
    }
}
