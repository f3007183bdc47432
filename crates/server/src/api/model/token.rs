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
    /// The secret: shown here and never again.
    pub token: String,
}
