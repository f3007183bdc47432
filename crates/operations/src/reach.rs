//! Keeping somebody to the routers that they reach.

use store::Scope;

use crate::error::OperationError;
use crate::operations::Operations;

impl Operations {
    /// Of these names of routers those that are reached: the others are not to be told.
    pub(crate) async fn only_reached(&self, mut names: Vec<String>) -> Result<Vec<String>, OperationError> {
        let reached = self.reached_names().await?;
        names.retain(|name| reached.has(name));
        Ok(names)
    }

    /// Refuses to make a login somebody's, or nobody's, where whoever asks does not reach: on all routers, of a group that is not
    /// theirs, or on a router that is not there for them.
    pub(crate) async fn refuse_out_of_reach(&self, scope: &Scope) -> Result<(), OperationError> {
        let is_theirs = match scope {
            _ if self.reach.is_everything() => true,
            Scope::All => false,
            Scope::Group(group) => self.reach.has(Some(group)),
            Scope::Router(router) => {
                self.named_nas(router).await?;
                true
            }
        };
        if is_theirs {
            return Ok(());
        }
        Err(OperationError::Forbidden(format!(
            "you are bound to groups of routers ({}), and this login would count beyond them; nothing was changed. Name one router \
             of yours that it counts on",
            self.reach.groups().join(", ")
        )))
    }
}
