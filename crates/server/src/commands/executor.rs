//! Carrying out what another process asks for.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use operations::{RouterCommandError, RouterCommands};
use store::{Command, Nas, NasId, Store, Unsettled};
use tokio::time::timeout;

use super::message::Order;
use super::outcome::{Outcome, unreadable};
use super::wire;

/// Carries orders out, each once.
#[async_trait]
pub trait Executor: Send + Sync {
    /// Does what an order asks for and answers within that time, for nobody waits longer.
    async fn execute(&self, order: &Order, within: Duration) -> Outcome;

    /// What became of a command whose process is gone, or has lost the router: what can be seen of it now.
    async fn settle(&self, unsettled: &Unsettled) -> Outcome;
}

/// On the routers of this process.
pub struct RouterExecutor {
    local: Arc<dyn RouterCommands>,
    store: Arc<dyn Store>,
}

impl RouterExecutor {
    /// By these commands.
    pub fn new(local: Arc<dyn RouterCommands>, store: Arc<dyn Store>) -> RouterExecutor {
        RouterExecutor { local, store }
    }

    async fn carry_out(&self, order: &Order) -> Outcome {
        if order.kind == wire::RELOAD {
            self.local.reload().await;
            return Ok(serde_json::Value::Null);
        }
        let nas = order.nas.ok_or_else(unreadable)?;
        match order.kind.as_str() {
            wire::READ_NOW => self.local.read_now(nas).await.map(wire::of_reading),
            wire::CHECK_UP => {
                let checks = self.local.check_up(self.registered(nas).await?).await;
                checks.map(|checks| wire::of_checks(&checks))
            }
            wire::LOOK_AT_COUNTERS => {
                let counters = wire::counters(&order.arguments).ok_or_else(unreadable)?;
                let looks = self.local.look_at_counters(self.registered(nas).await?, counters).await;
                looks.map(wire::of_looks)
            }
            _ => Err(unreadable()),
        }
    }

    async fn registered(&self, nas: NasId) -> Result<Nas, RouterCommandError> {
        let routers = self.store.list_nas().await;
        let routers = routers.map_err(|error| RouterCommandError::StoreStalled(error.to_string()))?;
        routers.into_iter().find(|router| router.id == nas).ok_or(RouterCommandError::NotPolled)
    }
}

#[async_trait]
impl Executor for RouterExecutor {
    async fn execute(&self, order: &Order, within: Duration) -> Outcome {
        timeout(within, self.carry_out(order)).await.unwrap_or(Err(RouterCommandError::TimedOut))
    }

    async fn settle(&self, unsettled: &Unsettled) -> Outcome {
        let Unsettled { command, last: (poll_seq, at), epoch } = unsettled;
        if command.kind != wire::READ_NOW {
            return Err(RouterCommandError::NotDone(format!(
                "{} before it had looked; nothing was changed, ask again",
                gone(command)
            )));
        }
        match at {
            Some(at) if Some(*poll_seq) > command.seq_before => {
                Ok(wire::of_reading(operations::ReadNow { poll_seq: *poll_seq, at: *at }))
            }
            _ if Some(*epoch) > command.epoch => Err(RouterCommandError::NotDone(format!(
                "{} before the router's reading was committed; what was counted before is safe, ask again",
                gone(command)
            ))),
            _ => Err(RouterCommandError::Unknown(format!(
                "{}, and nobody polls the router now; what was counted before is safe",
                gone(command)
            ))),
        }
    }
}

fn gone(command: &Command) -> String {
    let node = command.node.as_deref().unwrap_or("?");
    format!("the process {node}, which was asked, ended or lost the router")
}
