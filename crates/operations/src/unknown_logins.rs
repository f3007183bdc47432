//! Logins seen on routers that are no subscriber's.

use store::{UnknownLogin, UnknownLoginQuery};

use crate::error::OperationError;
use crate::operations::Operations;

impl Operations {
    /// Logins that are nobody's on their router, by kind and name. An unknown router is an error, so that a typing mistake
    /// is not taken for a router on which everybody is known.
    pub async fn unknown_logins(
        &self,
        mut query: UnknownLoginQuery,
    ) -> Result<Vec<UnknownLogin>, OperationError> {
        if let Some(router) = &query.router {
            self.nas(router).await?;
        }
        query.reach = self.reach.clone();
        Ok(self.store.unknown_logins(query).await?)
    }
}
