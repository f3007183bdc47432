//! People who run the installation.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::reach::Reach;
use crate::token_repository::Role;

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Their row; no other operator ever has it.
    pub id: i64,
    /// Their name, as it is shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// PHC string of their password.
    pub password_hash: String,
    /// When they were added.
    pub created_at: Micros,
    /// Locked out.
    pub disabled: bool,
    /// When they signed in last.
    pub signed_in_at: Option<Micros>,
    /// Which routers they reach.
    pub reach: Reach,
    /// The language that they chose, by its code.
    pub language: Option<String>,
}

/// A person who is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOperator {
    /// Their name, as it is shown.
    pub name: String,
    /// The name as it is compared; nobody else may have it.
    pub folded: String,
    /// What they may do.
    pub role: Role,
    /// PHC string of their password.
    pub password_hash: String,
    /// Groups of routers that they are bound to; none: all routers. Each has to be there.
    pub groups: Vec<String>,
}

/// What of somebody is to be another; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorChange {
    /// What they may do.
    pub role: Option<Role>,
    /// PHC string of their password.
    pub password_hash: Option<String>,
    /// Locked out, or let in again.
    pub disabled: Option<bool>,
    /// Groups of routers that they are bound to; none: all routers. Each has to be there.
    pub groups: Option<Vec<String>>,
    /// Only if this is the PHC string of the password they have by then; else `Constraint`.
    pub instead_of: Option<String>,
}

/// The operators. Whoever is changed or removed is signed out everywhere in the same transaction. The browsers of who is locked out or
/// removed are strangers' again; a new password leaves them known, for it is set by who is guessed at. The last admin who can sign in
/// stays one: a change that takes them is `Constraint`. An admin reaches all routers: one who would be bound to groups is `Constraint`.
#[async_trait]
pub trait OperatorRepository: Send + Sync {
    /// Adds an operator at `act.at` and answers their row. `Constraint` when the name is taken.
    async fn insert_operator(&self, new: NewOperator, act: NewAudit) -> Result<i64, StoreError>;

    /// All operators by name.
    async fn list_operators(&self) -> Result<Vec<Operator>, StoreError>;

    /// The operator of that name, as it is compared.
    async fn operator_named(&self, folded: &str) -> Result<Option<Operator>, StoreError>;

    /// Changes an operator and answers them as they are now. `NotFound`.
    async fn change_operator(
        &self,
        id: i64,
        change: OperatorChange,
        act: NewAudit,
    ) -> Result<Operator, StoreError>;

    /// Keeps the language that somebody chose; they stay signed in. `NotFound`.
    async fn set_operator_language(&self, id: i64, language: Option<String>) -> Result<(), StoreError>;

    /// Removes an operator. `NotFound`.
    async fn remove_operator(&self, id: i64, act: NewAudit) -> Result<(), StoreError>;

    /// Keeps the SHA-256 of the key that makes the first operator until `until`, in place of one of before; false, and
    /// nothing is kept, where there is an operator.
    async fn keep_setup_key(&self, sha256: [u8; 32], until: Micros) -> Result<bool, StoreError>;

    /// Whether the key with that SHA-256 would make the first operator at `at`.
    async fn opens_setup(&self, sha256: [u8; 32], at: Micros) -> Result<bool, StoreError>;

    /// Adds the first operator by the key with that SHA-256 and answers their row; the key opens nothing afterwards. `None`
    /// where it is not the one that is kept, is too old at `act.at`, or there is an operator.
    async fn insert_first_operator(
        &self,
        sha256: [u8; 32],
        new: NewOperator,
        act: NewAudit,
    ) -> Result<Option<i64>, StoreError>;
}
