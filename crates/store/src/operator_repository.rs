//! People who run the installation.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::token_repository::Role;

/// A person who may log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Their name, unique.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// PHC string of their password; `None` when they cannot log in with one.
    pub password_hash: Option<String>,
    /// When they were added.
    pub created_at: Micros,
    /// Locked out.
    pub disabled: bool,
}

/// The operators.
#[async_trait]
pub trait OperatorRepository: Send + Sync {
    /// Adds an operator at `act.at`. `Constraint` when the name is taken.
    async fn insert_operator(
        &self,
        name: &str,
        role: Role,
        password_hash: Option<String>,
        act: NewAudit,
    ) -> Result<(), StoreError>;

    /// All operators by name.
    async fn list_operators(&self) -> Result<Vec<Operator>, StoreError>;
}
