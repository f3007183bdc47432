//! Importing and exporting subscribers.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::name::Name;
use super::time::Time;

/// What an import came to, or would come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    /// Nothing was written: it was only asked what would happen.
    pub dry_run: bool,
    /// Rows of the file, without the headings and empty rows.
    pub rows: u64,
    /// Subscribers added.
    pub new: u64,
    /// Subscribers changed; nobody is renewed.
    pub changed: u64,
    /// Subscribers that were as the file has them.
    pub same: u64,
    /// Rows whose interface or queue the router did not show, by row; 100 at most. They are imported all the same.
    pub unchecked: Vec<Fault>,
    /// All such rows.
    pub unchecked_total: u64,
}

/// Problem details of a file that was not imported, with the faults of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRefused {
    /// Always `about:blank`: the status says what kind it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(examples(422))]
    pub status: u16,
    /// What happened, what is still safe, and what to do next.
    pub detail: String,
    /// Rows of the file, without the headings and empty rows.
    pub rows: u64,
    /// What is wrong, by row; 100 at most.
    pub faults: Vec<Fault>,
    /// All that is wrong.
    pub faults_total: u64,
}

/// One thing that is wrong with a file, or that nobody could look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fault {
    /// The line of the file; the headings are line 1.
    pub row: u64,
    /// The column; null for what is wrong with the whole row or file.
    #[schema(required)]
    pub column: Option<String>,
    /// What is wrong and what would be right.
    pub detail: String,
}

/// A subscriber in an export.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubscriberLine {
    /// Its id.
    pub id: Uuid,
    /// Its name towards people, unique.
    pub username: String,
    /// The person's name.
    #[schema(required)]
    pub name: Option<String>,
    /// The login it is bound to, the first if there are several; null when none is bound now.
    #[schema(required)]
    pub login: Option<Name>,
    /// Where that login counts: `all`, or `router:` or `group:` and a name; null when none is bound.
    #[schema(required, examples("all", "router:tower-1"))]
    pub scope: Option<String>,
    /// The service it uses.
    pub service: String,
    /// The plan's name.
    #[schema(required)]
    pub plan: Option<String>,
    /// `active`, `suspended` or `inactive`.
    pub status: String,
    /// When it expires.
    #[schema(required)]
    pub expiry_at: Option<Time>,
    /// The IANA zone in which its days begin and end; null: UTC.
    #[schema(required)]
    pub zone: Option<String>,
    /// A note.
    #[schema(required)]
    pub note: Option<String>,
}
