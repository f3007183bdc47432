//! Sessions as people ask for them.

use store::{SessionQuery, SessionRow};

use crate::error::OperationError;
use crate::operations::Operations;

impl Operations {
    /// Sessions, the ones seen first latest first. An unknown router is an error, so that a typing mistake is not
    /// taken for an empty router.
    pub async fn list_sessions(&self, mut query: SessionQuery) -> Result<Vec<SessionRow>, OperationError> {
        if let Some(router) = &query.router {
            self.nas(router).await?;
        }
        query.reach = self.reach.clone();
        Ok(self.store.list_sessions(query).await?)
    }
}
