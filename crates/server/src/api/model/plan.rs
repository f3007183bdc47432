//! Plans: what a subscriber may buy.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::count::Count;

/// A plan. Rates are bits per second (k = 1000), quota is octets of both directions together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// Its name, unique.
    pub name: String,
    /// Price as a decimal number in text, in the installation's currency.
    pub price: Option<String>,
    /// How long it lasts, as the operator wrote it.
    pub validity: Option<String>,
    /// How many devices may use it at once.
    pub devices: u32,
    /// Upload limit, bits per second; null when not limited.
    pub rate_up_bps: Option<u64>,
    /// Download limit, bits per second; null when not limited.
    pub rate_down_bps: Option<u64>,
    /// Octets of both directions in one cycle; null when not limited.
    pub quota_octets: Option<u64>,
}

/// A plan to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// Its name, unique.
    #[schema(min_length = 1, max_length = 128)]
    pub name: String,
    /// Price as a decimal number in text, in the installation's currency.
    pub price: Option<String>,
    /// How long it lasts, for example `30d`.
    pub validity: Option<String>,
    /// How many devices may use it at once.
    #[serde(default = "one_device")]
    #[schema(default = 1, minimum = 1, maximum = 4_294_967_295_u32, format = Int64)]
    pub devices: u32,
    /// Upload limit, bits per second; absent when not limited.
    pub rate_up_bps: Option<Count>,
    /// Download limit, bits per second; absent when not limited.
    pub rate_down_bps: Option<Count>,
    /// Octets of both directions in one cycle; absent when not limited.
    pub quota_octets: Option<Count>,
}

fn one_device() -> u32 {
    1
}
