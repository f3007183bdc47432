//! The audit trail.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::Time;

/// Something somebody did.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditRow {
    /// Its place in the trail, without gaps.
    pub seq: u64,
    /// When.
    pub at: Time,
    /// Who.
    pub actor: String,
    /// What.
    #[schema(examples("router.add"))]
    pub action: String,
    /// To what.
    pub subject: String,
    /// More, never a secret.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}
