//! Speed limits, as the piso-net tool took and told them, whose paths are kept.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A limit that is to be set. What it does not know is passed over, as there.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetBandwidth {
    /// The device.
    #[schema(examples("AA:BB:CC:DD:EE:FF"))]
    pub mac: Option<String>,
    /// What it may send; `1M` when missing.
    #[schema(examples("512K"))]
    pub upload: Option<String>,
    /// What it may receive; `2M` when missing.
    #[schema(examples("2M"))]
    pub download: Option<String>,
    /// On this router.
    pub router: Option<String>,
}

/// A limit that is to be removed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RemoveBandwidth {
    /// The device.
    #[schema(examples("AA:BB:CC:DD:EE:FF"))]
    pub mac: Option<String>,
    /// On this router.
    pub router: Option<String>,
}

/// It is done, or it is not.
#[derive(Debug, Serialize, ToSchema)]
pub struct BandwidthDone {
    /// Whether it is.
    pub success: bool,
    /// What was done, or what happened, what is still safe, and what to do next.
    #[schema(examples("Bandwidth limit set to 1M/2M"))]
    pub message: String,
    /// Why it limits nothing, or perhaps nothing, and how to mend that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}
