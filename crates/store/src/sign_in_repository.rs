//! Browsers that operators signed in with.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::operator_repository::Operator;

/// Somebody whose password was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSignIn {
    /// Who, as they were when it was looked at.
    pub operator: Operator,
    /// SHA-256 of the secret that the browser will come with.
    pub sha256: [u8; 32],
    /// SHA-256 of the mark by which the browser is known from then on.
    pub browser_sha256: [u8; 32],
    /// SHA-256 of the mark that it came with; where that is this operator's, the new one takes its place.
    pub instead_of: Option<[u8; 32]>,
    /// Where they came from, for people.
    pub address: String,
    /// What the browser calls itself, for people.
    pub browser: String,
    /// Which sign-ins are over by now.
    pub over: EndedSignIns,
}

/// Which sign-ins have ended by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedSignIns {
    /// Those that began at or before.
    pub began_by: Micros,
    /// Those that were used last at or before.
    pub used_by: Micros,
}

/// A sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Its row.
    pub id: i64,
    /// Whose.
    pub operator: i64,
    /// Their name.
    pub name: String,
    /// When they signed in.
    pub began_at: Micros,
    /// When it was used last, to the minute or so.
    pub last_at: Micros,
    /// Where they came from.
    pub address: String,
    /// What the browser called itself.
    pub browser: String,
}

/// A sign-in, and who may do what by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// It.
    pub sign_in: SignIn,
    /// Its owner as they are now.
    pub operator: Operator,
}

/// The sign-ins.
#[async_trait]
pub trait SignInRepository: Send + Sync {
    /// Notes a sign-in at `act.at` and answers its row; `None`, and nothing is noted, where the operator is not what they
    /// were any more. Those that are over go, and so do somebody's oldest beyond twenty.
    async fn sign_in(&self, new: NewSignIn, act: NewAudit) -> Result<Option<i64>, StoreError>;

    /// The sign-in with that hash, also when it is over.
    async fn signed_in(&self, sha256: [u8; 32]) -> Result<Option<SignedIn>, StoreError>;

    /// Notes that a sign-in was used.
    async fn touch_sign_in(&self, id: i64, at: Micros) -> Result<(), StoreError>;

    /// The sign-ins of one operator, or of all, that are not over; the latest first.
    async fn sign_ins(&self, of: Option<i64>, over: EndedSignIns) -> Result<Vec<SignIn>, StoreError>;

    /// Ends a sign-in, of that operator where one is named. `NotFound`.
    async fn end_sign_in(&self, id: i64, of: Option<i64>, act: NewAudit) -> Result<(), StoreError>;

    /// Ends all sign-ins of an operator but one, and answers how many those were.
    async fn end_other_sign_ins(&self, of: i64, kept: i64, act: NewAudit) -> Result<u64, StoreError>;

    /// Whose browser has the mark with that hash.
    async fn browser_of(&self, sha256: [u8; 32]) -> Result<Option<i64>, StoreError>;
}
