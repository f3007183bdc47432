//! Who a request comes from.

use store::{Reach, Role};

/// Who a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Name for the journal.
    pub actor: String,
    /// What they may do.
    pub role: Role,
    /// Which routers they reach.
    pub reach: Reach,
    /// With what they came.
    pub came_by: CameBy,
}

/// With what somebody comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameBy {
    /// An API token.
    Token {
        /// What it is called.
        name: String,
    },
    /// A browser in which an operator signed in.
    SignIn {
        /// Their row.
        operator: i64,
        /// Their name.
        name: String,
        /// The sign-in's row.
        sign_in: i64,
        /// The language that they chose, by its code.
        language: Option<String>,
    },
}

impl Identity {
    /// The rows of the operator and the sign-in, where it is one.
    pub fn signed_in(&self) -> Option<(i64, i64)> {
        match self.came_by {
            CameBy::SignIn { operator, sign_in, .. } => Some((operator, sign_in)),
            CameBy::Token { .. } => None,
        }
    }
}
