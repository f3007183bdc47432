//! Backups of the database.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::Time;

/// How the backups of the process that was asked stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupsView {
    /// The folder they lie in, on the server's host.
    pub folder: String,
    /// How often one is made by itself, seconds; null: never.
    #[schema(required)]
    pub every_s: Option<u64>,
    /// How many are kept.
    pub keep: u64,
    /// New ones are encrypted.
    pub is_encrypted: bool,
    /// One is being made now.
    pub is_running: bool,
    /// When the newest was begun; null: there is none.
    #[schema(required)]
    pub last_success: Option<Time>,
    /// When the last attempt failed; null: it did not.
    #[schema(required)]
    pub failed_at: Option<Time>,
    /// Why the last attempt failed; null: it did not.
    #[schema(required)]
    pub failure: Option<String>,
    /// The newest first.
    pub items: Vec<BackupView>,
}

/// A backup.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupView {
    /// The file's name in the folder.
    pub name: String,
    /// Its size.
    pub octets: u64,
    /// When it was begun, by the server's clock; null: its name does not tell and it cannot be read.
    #[schema(required)]
    pub made_at: Option<Time>,
    /// It takes the passphrase to read it.
    pub is_encrypted: bool,
    /// Why it is no good, as far as its first lines tell; null: they are right. `tikmeter backup verify` reads all.
    #[schema(required)]
    pub problem: Option<String>,
}
