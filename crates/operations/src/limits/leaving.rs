//! A router that is removed or switched off: what was set on it for limits is taken off first, for nobody would look after it.

use serde_json::json;
use store::Nas;

use super::kept::LimitChange;
use crate::error::OperationError;
use crate::marks::{MarkOn, Marks};
use crate::operations::Operations;

impl Operations {
    /// Takes every queue of ours off a router that is about to be left. What stays, and how it goes by hand; `None`: nothing.
    pub(crate) async fn take_limits_off(
        &self,
        actor: &str,
        nas: &Nas,
    ) -> Result<Option<String>, OperationError> {
        if !self.store.limited_routers().await?.contains(&nas.id) {
            return Ok(None);
        }
        let (why, commands) =
            match self.commands.keep_limits(nas.clone(), Some(LimitChange::Leave), false).await {
                Ok(kept) if kept.ours == 0 => (None, kept.commands),
                Ok(kept) => (Some(kept.stays.unwrap_or_default()), kept.commands),
                Err(error) => (Some(error.to_string()), Vec::new()),
            };
        let mark = Marks::of(&self.store.installation().await?.id);
        let stays = why.map(|why| by_hand(&nas.config.name, &why, &mark));
        let act =
            self.act(actor, "limit.leave", &nas.config.name, json!({ "commands": commands, "stays": stays }));
        self.store.append_audit(act).await?;
        Ok(stays)
    }
}

fn by_hand(router: &str, why: &str, mark: &Marks) -> String {
    format!(
        "queues that were set for limits may still stand on the router {router}, and slow whoever has those addresses ({}). Take them off \
         by hand, on the router: /queue simple remove [find comment=\"{}\"]",
        why.trim_end_matches('.'),
        mark.comment(MarkOn::Limit)
    )
}
