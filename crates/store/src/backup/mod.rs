//! A backup: every row of every table in one file, made while servers run, and put back into a database of either kind.
//!
//! * `frame`: what the file is made of; its sums
//! * `sealed`: the same file under a passphrase
//! * `moment`: all tables of a database as they are at one moment
//! * `create`: writing a backup
//! * `check`: reading one to its end, and what it says of itself
//! * `staging`: a new SQLite file that is filled from one
//! * `restore`: what is refused, and putting the new database into its place
//!
//! The format is described in `docs/reference/backup.md`.

mod check;
mod create;
mod error;
mod frame;
mod moment;
mod restore;
mod sealed;
mod staging;

pub use check::{BackupHeader, Checked, CheckedTable, check_backup, read_backup_header};
pub use create::{Backup, BackupOrigin};
pub use error::BackupError;
pub use restore::{Restore, RestoreTarget, Restored};
