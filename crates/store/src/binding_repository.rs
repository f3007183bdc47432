//! Which logins are whose, changed after a subscriber was added.

use accounting::login::LoginName;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::subscriber_repository::Scope;

/// A router on which a login has a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterOfLogin {
    /// Its row.
    pub nas: NasId,
    /// Its name.
    pub name: String,
    /// Whether its last round showed all of the login's sessions: it looked in their table and lacked none.
    pub shown: bool,
}

/// Dated bindings. A reading counts with whoever the login is bound to when it is committed; entries stay where they are.
#[async_trait]
pub trait BindingRepository: Send + Sync {
    /// Makes a login a subscriber's from `act.at` on, beside those they have. `Constraint` with the owner's name when it
    /// is bound already, `NotFound` when there is no such subscriber, `NoSuch` when there is no such router or group.
    async fn bind_login(
        &self,
        subscriber: Uuid,
        login: LoginName,
        scope: Scope,
        act: NewAudit,
    ) -> Result<(), StoreError>;

    /// Ends a subscriber's binding to a login at `act.at`. `NoSuch` when it is not theirs, or there is no such router or
    /// group.
    async fn unbind_login(
        &self,
        subscriber: Uuid,
        login: LoginName,
        scope: Scope,
        act: NewAudit,
    ) -> Result<(), StoreError>;

    /// Routers on which that login, whosesoever it is there, has a session or had one in the last round but one.
    async fn routers_of_login(&self, login: LoginName) -> Result<Vec<RouterOfLogin>, StoreError>;
}
