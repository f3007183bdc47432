//! Credits: octets given beside what was measured.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::count::Count;
use super::time::Time;

/// A line of the journal of credits. Lines are never changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Credit {
    /// Its number.
    pub id: i64,
    /// Number of the cycle it belongs to.
    pub cycle: u32,
    /// When it was given.
    pub at: Time,
    /// Who gave it.
    pub actor: String,
    /// Octets of upload; in a cancellation those it takes back.
    pub upload_octets: u64,
    /// Octets of download; in a cancellation those it takes back.
    pub download_octets: u64,
    /// Why.
    pub reason: String,
    /// The credit this line takes back; null: it gives.
    #[schema(required)]
    pub cancels: Option<i64>,
    /// The line that takes this one back; null: none does.
    #[schema(required)]
    pub cancelled_by: Option<i64>,
}

/// A credit to give in the open cycle.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCredit {
    /// Octets of upload.
    #[schema(maximum = 1_000_000_000_000_000_u64)]
    pub upload_octets: Option<Count>,
    /// Octets of download.
    #[schema(maximum = 1_000_000_000_000_000_u64)]
    pub download_octets: Option<Count>,
    /// Why.
    #[schema(min_length = 1, max_length = 128)]
    pub reason: String,
}

/// Why a credit is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelCredit {
    /// Why.
    #[schema(min_length = 1, max_length = 128)]
    pub reason: String,
}
