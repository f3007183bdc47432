//! The simple queues of a router, for whoever looks.

use crate::error::OperationError;
use crate::operations::Operations;
use crate::router_queue::RouterQueue;

impl Operations {
    /// The queues of a router in its order, which is that in which packets meet them.
    pub async fn router_queues(&self, router: &str) -> Result<Vec<RouterQueue>, OperationError> {
        let nas = self.nas(router).await?;
        Ok(self.commands.list_queues(nas).await?)
    }
}
