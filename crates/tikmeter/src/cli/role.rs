//! What operators and tokens may do, as a flag.

use clap::ValueEnum;
use serde::Serialize;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Everything
    Admin,
    /// Everything but operators, tokens, routers with their secrets, and what is kept for how long
    Operator,
    /// Vouchers, and nothing else
    Cashier,
    /// Reading only, without the codes of vouchers
    Viewer,
}
