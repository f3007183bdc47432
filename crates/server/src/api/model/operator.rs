//! People who may sign in.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::role::Role;
use super::time::Time;

/// An operator, without their password.
#[derive(Debug, Serialize, ToSchema)]
pub struct Operator {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Locked out.
    pub disabled: bool,
    /// When they were added.
    pub created_at: Time,
    /// When they signed in last.
    pub signed_in_at: Option<Time>,
    /// Groups of routers that they are bound to; none: they reach all routers.
    pub groups: Vec<String>,
}

/// An operator to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOperator {
    /// Their name; `Ana` and `ana` are one.
    #[schema(min_length = 1, max_length = 128)]
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their password.
    #[schema(value_type = String, min_length = 10, max_length = 256, format = Password)]
    pub password: SecretString,
    /// Groups of routers that they are bound to, which have to be there; none: they reach all routers, as an admin has to.
    #[serde(default)]
    #[schema(max_items = 1_000)]
    pub groups: Vec<String>,
}

/// What of an operator is to be another; what is absent stays. They are signed out everywhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorPatch {
    /// What they may do.
    pub role: Option<Role>,
    /// Their password.
    #[schema(value_type = Option<String>, min_length = 10, max_length = 256, format = Password)]
    pub password: Option<SecretString>,
    /// Locked out, or let in again.
    pub disabled: Option<bool>,
    /// Groups of routers that they are bound to, in place of those before; none: they reach all routers, as an admin has to.
    #[schema(max_items = 1_000)]
    pub groups: Option<Vec<String>>,
}

/// The first admin, by the link that the server wrote at its start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// What stands in the link behind `#`.
    #[schema(value_type = String, max_length = 256)]
    pub key: SecretString,
    /// Their name.
    #[schema(min_length = 1, max_length = 128)]
    pub name: String,
    /// Their password.
    #[schema(value_type = String, min_length = 10, max_length = 256, format = Password)]
    pub password: SecretString,
}
