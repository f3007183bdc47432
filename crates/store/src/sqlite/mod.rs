//! The store on SQLite: one file, one process, one writing thread, a few reading ones.
//!
//! * `real_path`, `file`, `lock`, `place`, `migrate`: opening a database safely
//! * `statements`, `errors`: the driver's words put into ours
//! * `foreign`: a file of another program's
//! * `whole`: a database that is read whole and never written
//! * `database`: the open database, on which the repositories of [`crate::sql`] run

mod database;
mod errors;
pub(crate) mod file;
mod foreign;
pub(crate) mod lock;
pub(crate) mod migrate;
pub(crate) mod place;
pub(crate) mod real_path;
mod statements;
pub(crate) mod whole;

#[cfg(test)]
#[path = "commit_group_tests.rs"]
mod commit_group_tests;

pub use database::Sqlite;
pub use foreign::ForeignFile;
