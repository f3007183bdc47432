//! The store on SQLite: one file, one process, one writing thread, a few reading ones.
//!
//! * `worker`: threads that own connections and run closures on them
//! * `file`, `lock`, `migrate`: opening a database safely
//! * `errors`, `keys`, `values`: the driver's words put into ours
//! * one file per concern with the SQL of it

mod accounting;
mod accounting_commit;
mod accounting_counters;
mod accounting_load;
mod accounting_logins;
mod accounting_sessions;
mod audit;
mod database;
mod errors;
mod file;
mod keys;
mod lock;
mod migrate;
mod nas;
mod values;
mod worker;

pub use database::Sqlite;
