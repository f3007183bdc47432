//! A router's test.

use serde::Serialize;
use utoipa::ToSchema;

/// What a test of a router found, in the order of the steps.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouterTest {
    /// One for each thing looked at.
    pub items: Vec<RouterCheck>,
}

/// One thing looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouterCheck {
    /// What: `reachable`, `port`, `tls` (where it is used), `login`, `rights`, `device`, `version`, `hotspot`, `ppp`, `fasttrack`
    /// or `clock`.
    pub item: String,
    /// How it stands: `ok`; `absent` (there is none, which is no mistake); `attention` (works, but somebody should
    /// know); `failed` (has to be mended first); `not_observed` (could not be looked at).
    pub state: String,
    /// What was seen, with the RouterOS commands that mend it where something is wrong.
    pub told: String,
}
