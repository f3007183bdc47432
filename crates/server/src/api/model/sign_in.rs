//! Operators in their browsers.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::role::Role;
use super::time::Time;

/// Who somebody says they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSession {
    /// Their name, however it is written.
    #[schema(max_length = 128)]
    pub name: String,
    /// Their password.
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Who {
    /// The operator's name, or the token's.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// What they may do: `look`, `look_vouchers`, `look_codes`, `sell`, `control`, `manage`, `administer`.
    pub abilities: Vec<&'static str>,
    /// The sign-in's id; null for who comes with a token.
    pub sign_in: Option<String>,
}

/// A new password of whoever is signed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The one they have.
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
    /// The one they are to have.
    #[schema(value_type = String, min_length = 10, max_length = 256, format = Password)]
    pub new_password: SecretString,
}

/// A browser that somebody signed in with.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignIn {
    /// Its id.
    pub id: String,
    /// When it began.
    pub began_at: Time,
    /// When it was used last, to the minute or so.
    pub last_used_at: Time,
    /// Where they came from.
    pub address: String,
    /// What the browser called itself.
    pub browser: String,
    /// It is the one that asks.
    pub current: bool,
}
