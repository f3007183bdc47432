//! API tokens and operators: who may ask, and as what.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::reach::Reach;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// Everything but who may do what, the routers' own settings and secrets, and what is kept for how long.
    Operator,
    /// Vouchers, and nothing else.
    Cashier,
    /// Look, change nothing.
    Viewer,
}

/// Every role, the widest first.
pub const ROLES: [Role; 4] = [Role::Admin, Role::Operator, Role::Cashier, Role::Viewer];

impl Role {
    /// The stable name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Operator => "operator",
            Role::Cashier => "cashier",
            Role::Viewer => "viewer",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        ROLES.into_iter().find(|role| role.as_str() == name)
    }
}

/// A token to be stored; the token itself never is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// SHA-256 of the token.
    pub sha256: [u8; 32],
    /// What it allows.
    pub role: Role,
    /// When it stops working.
    pub expires_at: Option<Micros>,
    /// Groups of routers that it is bound to; none: all routers. Each has to be there.
    pub groups: Vec<String>,
}

/// A token as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its row.
    pub id: i64,
    /// What it is.
    pub token: NewToken,
    /// Which routers it reaches.
    pub reach: Reach,
    /// When it was made.
    pub created_at: Micros,
    /// When it was used last, to the minute or so.
    pub last_used_at: Option<Micros>,
    /// When it was revoked.
    pub revoked_at: Option<Micros>,
}

/// The tokens.
#[async_trait]
pub trait TokenRepository: Send + Sync {
    /// Adds a token and answers its row. `Constraint` for an admin's that is bound to groups, and for a group that is not known.
    async fn insert_token(&self, new: NewToken, act: NewAudit) -> Result<i64, StoreError>;

    /// The token with that hash, also when it is expired or revoked.
    async fn token_by_hash(&self, sha256: [u8; 32]) -> Result<Option<Token>, StoreError>;

    /// All tokens, newest first, revoked ones included.
    async fn list_tokens(&self) -> Result<Vec<Token>, StoreError>;

    /// Notes that a token was used.
    async fn touch_token(&self, id: i64, at: Micros) -> Result<(), StoreError>;

    /// Revokes a token from `act.at` on. `NotFound` when there is none of that row or it was revoked before.
    async fn revoke_token(&self, id: i64, act: NewAudit) -> Result<(), StoreError>;
}
