//! Where the servers of this test keep what they count.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::{Postgres, Sqlite, Store};

use crate::postgres_server::Database;

/// See the module.
pub(super) enum Kept {
    File(PathBuf),
    OnServer(Database),
}

impl Kept {
    /// In the file that servers in this folder make.
    pub(super) fn in_file(folder: &Path) -> Kept {
        Kept::File(folder.join("data/tikmeter.db"))
    }

    /// In a new database of the PostgreSQL server of this test run, which the folder's configuration names.
    pub(super) fn on_server(folder: &Path) -> Kept {
        let database = Database::create();
        std::fs::write(folder.join("tikmeter.toml"), format!("[database]\nurl = \"{}\"\n", database.url()))
            .unwrap();
        Kept::OnServer(database)
    }

    /// Opens it, while no server runs.
    pub(super) fn open(&self) -> Arc<dyn Store> {
        match self {
            Kept::File(file) => Arc::new(Sqlite::open(file).unwrap()),
            Kept::OnServer(database) => Arc::new(Postgres::open(database.url()).unwrap()),
        }
    }
}
