//! What can go wrong with a database, told by what its caller can do about it; no driver's type shows through.

use std::fmt;
use std::path::PathBuf;

/// Why a call to the store failed. Nothing was written unless the method says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else holds the database for longer than we wait.
    #[error("the database is busy; nothing was written, try again in a moment")]
    Busy,
    /// No room left on the disk (or the database reached its size limit).
    #[error(
        "the disk that holds the database is full; nothing was written. Free some space: a running server goes on by itself, \
         one that could not start has to be started again"
    )]
    DiskFull,
    /// The file or its folder cannot be written.
    #[error(
        "the database cannot be written; nothing was changed, check the owner and mode of its file and folder"
    )]
    ReadOnly,
    /// The file is damaged or not what it should be.
    #[error("the database is damaged ({0}); stop the server and restore a backup")]
    Corrupt(String),
    /// The data do not fit what is stored; the sentence says which.
    #[error("{0}")]
    Constraint(String),
    /// What the call is about is not there; the sentence says what.
    #[error("{0} is not there")]
    NotFound(String),
    /// What the call is about may be there; something else that it names is not.
    #[error("there is no {0}")]
    NoSuch(Named),
    /// Another process has the database open.
    #[error(
        "the database {path} is in use by process {pid}; nothing was touched, stop that process or give another path"
    )]
    InUse {
        /// The database file.
        path: PathBuf,
        /// The other process as its lock file names it, or `unknown`.
        pid: String,
    },
    /// The database was written by a newer program.
    #[error(
        "the database has version {found}, this program knows versions up to {known}; nothing was touched, use the newer program"
    )]
    TooNew {
        /// Version in the file.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// The open database, or its log, is no longer the file at its path.
    #[error(
        "the open database is no longer the file {path}: it, or its log beside it, was removed, moved or replaced; nothing \
         more is written. Put the same files back and counting goes on; if they are deleted, export what you need before you \
         stop the server, then restore a backup"
    )]
    Misplaced {
        /// The database file.
        path: PathBuf,
    },
    /// The database cannot be reached; the text is for people.
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
}

/// What a call names beside what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// The plan of somebody, by its name.
    Plan(String),
    /// The router a login counts on, by its name.
    Router(String),
    /// The group of routers a login counts on, by its name.
    Group(String),
    /// A login that is a subscriber's.
    Login,
}

impl fmt::Display for Named {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Named::Plan(name) => write!(out, "plan called {name}"),
            Named::Router(name) => write!(out, "router called {name}"),
            Named::Group(name) => write!(out, "group called {name}"),
            Named::Login => out.write_str("such login of the subscriber there"),
        }
    }
}

/// How a commit of accounting changes failed, by what the caller must do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// Another snapshot was committed for this router or its lease was taken: what the caller remembers is old.
    /// Nothing was written; reload.
    #[error(
        "another snapshot of this router was committed meanwhile, or another process polls it now; nothing was written"
    )]
    Fenced,
    /// A binding or an open cycle changed since the logins were resolved. Nothing was written; resolve again.
    #[error("a binding of a login changed meanwhile; nothing was written")]
    BindingsChanged,
    /// Nothing was written; the same changes may be tried again.
    #[error("{0}")]
    RolledBack(StoreError),
    /// Nobody knows whether it was written; forget what is in memory and reload.
    #[error("it is not known whether the last snapshot was written: {0}")]
    Doubtful(StoreError),
}
