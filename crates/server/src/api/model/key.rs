//! The key to the routers' passwords, of which nothing but its fingerprint is ever told.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::Time;

/// How the key stands at the process that was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Where it comes from.
    pub source: KeySource,
    /// The file, on the server's host; null: there is none.
    #[schema(required)]
    pub path: Option<String>,
    /// Eight signs that tell it from others.
    pub fingerprint: String,
    /// Since when it is the one it is, by its file; null: that does not show.
    #[schema(required)]
    pub since: Option<Time>,
    /// The fingerprint of the key before, while passwords may be sealed with it still; null: none is.
    #[schema(required)]
    pub older: Option<String>,
    /// How many routers' passwords it opens.
    pub opens: u64,
    /// Routers whose passwords it does not open: each must be set again, or the right key put into its place.
    pub lost: Vec<String>,
    /// Processes on the same database that have another key: they need a copy of this one's file.
    pub unlike: Vec<String>,
}

/// Where the key comes from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// A file of the data folder, which can be replaced.
    File,
    /// A credential of the service manager, which is replaced there.
    Credential,
    /// It goes with the process.
    Memory,
}
