//! Operators in their browsers.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::double_option;
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
    /// They reach the routers of some groups only, and what is about all routers is refused.
    pub bound: bool,
    /// Those groups; none, where they are bound: none of them is left, and they reach nothing.
    pub groups: Vec<String>,
    /// The language that they chose; null: none yet, and for who comes with a token.
    #[schema(required, inline)]
    pub language: Option<Language>,
}

/// A language of the web admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Indonesian.
    Id,
}

impl Language {
    /// As it is stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Id => "id",
        }
    }

    /// As it was stored; one of a newer program is none.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Language::En, Language::Id].into_iter().find(|one| one.as_str() == name)
    }
}

/// What of one's own account is to be another; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionPatch {
    /// The language of the web admin; null: none chosen.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<Language>, inline)]
    pub language: Option<Option<Language>>,
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
