//! The journal of what people and rules did: append-only, each row carrying a hash over itself and the row before.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::reach::Reach;

/// An act to be written down. Methods that change something take one and write it in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    /// When.
    pub at: Micros,
    /// Who: an operator's or token's name, or `system`.
    pub actor: String,
    /// From where they came: a network address; `None` where the program acts by itself.
    pub origin: Option<String>,
    /// What, as a stable word such as `router.add`.
    pub action: String,
    /// On what: a router's name, a subscriber's username.
    pub subject: String,
    /// The particulars as a JSON object; never a secret.
    pub detail: String,
}

impl NewAudit {
    /// An act of the program itself, without particulars.
    pub fn by_system(at: Micros, action: &str, subject: &str) -> Self {
        NewAudit {
            at,
            actor: "system".to_owned(),
            origin: None,
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: "{}".to_owned(),
        }
    }
}

/// An act as written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its place in the journal, from 1 without gaps.
    pub seq: u64,
    /// The act.
    pub act: NewAudit,
    /// SHA-256 over the hash before and this act.
    pub hash: [u8; 32],
}

/// Which acts are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Only by this one, exactly.
    pub actor: Option<String>,
    /// Only this act, exactly: `router.add`.
    pub action: Option<String>,
    /// Only what was done to this one, exactly: a router's name, a username.
    pub subject: Option<String>,
    /// Only from this instant on.
    pub since: Option<Micros>,
    /// Only before this instant.
    pub until: Option<Micros>,
    /// Only before this place in the journal; the newest when `None`.
    pub before: Option<u64>,
    /// Only on routers and subscribers that are reached; of an act that names none of them it is not known.
    pub reach: Reach,
    /// At most so many.
    pub limit: u32,
}

/// The journal of acts.
#[async_trait]
pub trait AuditRepository: Send + Sync {
    /// Appends one act that changed nothing else in the database.
    async fn append_audit(&self, act: NewAudit) -> Result<(), StoreError>;

    /// Acts as asked for, newest first.
    async fn list_audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError>;
}
