//! Logins seen on routers that are no subscriber's.

use accounting::Octets;
use accounting::login::LoginKind;
use accounting::snapshot::Service;
use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::reach::Reach;

/// Which of them are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnknownLoginQuery {
    /// Only of the router of that name.
    pub router: Option<String>,
    /// Only after the one whose row that is.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: u32,
    /// Only of routers that are reached.
    pub reach: Reach,
}

/// A login that a router showed and no binding makes anybody's there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLogin {
    /// Its row.
    pub id: i64,
    /// The router's name.
    pub router: String,
    /// What it is a login to.
    pub kind: LoginKind,
    /// The login, raw bytes.
    pub name: Vec<u8>,
    /// What carried its latest session; `None` when it has no session any more.
    pub service: Option<Service>,
    /// Posted octets that count in no cycle: what can be adopted.
    pub octets: Octets,
    /// The first instant it is known from.
    pub first_seen_at: Micros,
    /// The last one; the router's last reading while it has a session.
    pub last_seen_at: Micros,
    /// Sessions open now.
    pub sessions_open: u64,
}

/// Unknown logins.
#[async_trait]
pub trait UnknownLoginRepository: Send + Sync {
    /// Logins of routers there are that have a session now, or entries that neither count in a cycle nor were adopted, and
    /// that are nobody's there: neither by themselves nor by a binding for the router's group or for all routers. By kind and
    /// name (bytewise).
    async fn unknown_logins(&self, query: UnknownLoginQuery) -> Result<Vec<UnknownLogin>, StoreError>;
}
