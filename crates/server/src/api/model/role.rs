//! What operators and tokens may do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Everything but operators, tokens, routers with their secrets, and what is kept for how long.
    Operator,
    /// Vouchers, and nothing else.
    Cashier,
    /// Reading, without the codes of vouchers.
    Viewer,
}

impl From<store::Role> for Role {
    fn from(role: store::Role) -> Self {
        match role {
            store::Role::Admin => Role::Admin,
            store::Role::Operator => Role::Operator,
            store::Role::Cashier => Role::Cashier,
            store::Role::Viewer => Role::Viewer,
        }
    }
}

impl From<Role> for store::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => store::Role::Admin,
            Role::Operator => store::Role::Operator,
            Role::Cashier => store::Role::Cashier,
            Role::Viewer => store::Role::Viewer,
        }
    }
}
