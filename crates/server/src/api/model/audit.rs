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
    /// From where they came: a network address. `null` where the server acted by itself, and for acts of before it
    /// was written down.
    #[schema(examples("192.0.2.7"))]
    pub origin: Option<String>,
    /// What.
    #[schema(examples("router.add"))]
    pub action: String,
    /// To what.
    pub subject: String,
    /// More, never a secret.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}
