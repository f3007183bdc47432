//! API tokens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::role::Role;
use super::time::Time;

/// A token without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Time,
    /// When it ends; null: never.
    pub expires_at: Option<Time>,
    /// When it was last used.
    pub last_used_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
    /// Groups of routers that it is bound to; none: it reaches all routers.
    pub groups: Vec<String>,
}

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Its name, so that people know what it is for.
    #[schema(min_length = 1, max_length = 128)]
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it ends; absent: never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Time>,
    /// Groups of routers that it is bound to, which have to be there; none: it reaches all routers, as an admin's has to.
    #[serde(default)]
    #[schema(max_items = 1_000)]
    pub groups: Vec<String>,
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub struct CreatedToken {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Groups of routers that it is bound to; none: it reaches all routers.
    pub groups: Vec<String>,
    /// The secret: shown here and never again.
    pub token: String,
}
