//! The store on PostgreSQL 12 and newer: a schema of its own in a database; for each process one writing session, one that
//! says that it is there, a few that read.
//!
//! * `url`, `tls`, `options`: where the server is, how it is spoken to and used
//! * `session`, `login`, `writer`: connections that come back, what each is set to, and who writes when
//! * `check`, `migrate`, `months`: whether the database can be used, and its tables
//! * `month_fold`, `month_watch`, `month_days`, `month_swap`, `patience`: folding a month beside everything else
//! * `within`, `statements`, `batch`, `dialect`, `cells`, `errors`: the driver's words put into ours
//! * `foreign`: a table of another program's, read once
//! * `database`: the open database, on which the repositories of [`crate::sql`] run

mod batch;
mod cells;
pub(crate) mod check;
mod database;
mod dialect;
pub(crate) mod errors;
mod foreign;
pub(crate) mod login;
pub(crate) mod migrate;
mod month_days;
mod month_fold;
mod month_swap;
mod month_watch;
pub(crate) mod months;
mod options;
mod patience;
mod session;
mod statements;
mod tls;
pub(crate) mod url;
pub(crate) mod within;
pub(crate) mod writer;

pub use database::Postgres;
pub use foreign::{ForeignRows, ForeignTable};
pub use options::PostgresOptions;
