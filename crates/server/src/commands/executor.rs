//! Carrying out what another process asks for.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use operations::{Became, Disconnected, RouterCommandError, RouterCommands};
use store::{Command, Nas, NasId, Store, Unsettled};
use tokio::time::timeout;

use super::message::Order;
use super::outcome::{Outcome, too_late, unreadable};
use super::{
    wire, wire_disconnect, wire_doctor, wire_limits, wire_planned, wire_queues, wire_traffic, wire_vouchers,
};

/// Less time than that is not enough to end a session and to look what became of it.
const DISCONNECT_TAKES: Duration = Duration::from_secs(23);

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
            wire::DIAGNOSE => {
                let patient = wire_doctor::patient(&order.arguments).ok_or_else(unreadable)?;
                let found = self.local.diagnose(self.registered(nas).await?, patient).await;
                found.map(wire_doctor::of_findings)
            }
            wire::LOOK_AT_COUNTERS => {
                let counters = wire::counters(&order.arguments).ok_or_else(unreadable)?;
                let looks = self.local.look_at_counters(self.registered(nas).await?, counters).await;
                looks.map(wire::of_looks)
            }
            wire::DISCONNECT | wire::PLAN_DISCONNECT => {
                let session = wire_disconnect::target(&order.arguments).ok_or_else(unreadable)?;
                let dry_run = order.kind == wire::PLAN_DISCONNECT;
                let ended = self.local.disconnect(self.registered(nas).await?, session, dry_run).await;
                ended.map(wire_disconnect::of_disconnected)
            }
            wire::KEEP_LIMITS | wire::PLAN_LIMITS => {
                let change = wire_limits::change(&order.arguments).ok_or_else(unreadable)?;
                let dry_run = order.kind == wire::PLAN_LIMITS;
                let kept = self.local.keep_limits(self.registered(nas).await?, change, dry_run).await;
                kept.map(wire_limits::of_kept)
            }
            wire::ADMIT_DEVICE => {
                let device = wire_vouchers::device(&order.arguments).ok_or_else(unreadable)?;
                let admission = self.local.admit_device(self.registered(nas).await?, device).await;
                admission.map(wire_vouchers::of_admission)
            }
            wire::KEEP_VOUCHERS => {
                let leave = order.arguments.as_bool() == Some(true);
                let kept = self.local.keep_vouchers(self.registered(nas).await?, leave).await;
                kept.map(wire_vouchers::of_kept)
            }
            wire::LOOK_AT_VOUCHER_USERS => {
                let users = wire_vouchers::users(&order.arguments).ok_or_else(unreadable)?;
                let looked = self.local.look_at_voucher_users(self.registered(nas).await?, users).await;
                looked.map(|()| serde_json::Value::Null)
            }
            wire::PLAN_CHANGE => {
                let change = wire_planned::change(&order.arguments).ok_or_else(unreadable)?;
                let commands = self.local.plan_change(self.registered(nas).await?, change).await;
                commands.map(wire_planned::of_commands)
            }
            wire::LOOK_AT_TRAFFIC => {
                self.local.look_at_traffic(self.registered(nas).await?).await.map(wire_traffic::of_look)
            }
            wire::HOTSPOT_HOSTS => {
                let sought = wire_vouchers::sought(&order.arguments).ok_or_else(unreadable)?;
                let hosts = self.local.hotspot_hosts(self.registered(nas).await?, sought).await;
                hosts.map(wire_vouchers::of_hosts)
            }
            wire::LIST_QUEUES => {
                let queues = self.local.list_queues(self.registered(nas).await?).await;
                queues.map(wire_queues::of_queues)
            }
            _ => Err(unreadable()),
        }
    }

    /// A reading shows whether the session that was meant is still up.
    async fn settle_disconnect(&self, command: &Command) -> Outcome {
        let arguments = command.arguments.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let session = arguments.as_ref().and_then(wire_disconnect::target).ok_or_else(unreadable)?;
        match self.local.is_session_open(self.registered(command.nas).await?, session).await {
            Ok(false) => Ok(wire_disconnect::of_disconnected(Disconnected {
                became: Became::Gone { looked_s: 0 },
                commands: Vec::new(),
                also_gone: 0,
            })),
            Ok(true) => Err(RouterCommandError::NotDone(format!(
                "{} before it ended the session, which is still up; what was counted is safe, try again",
                gone(command)
            ))),
            Err(error) => Err(RouterCommandError::Unknown(format!(
                "{}, and the router does not show what came of it: {error}",
                gone(command)
            ))),
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
        let changes = order.kind == wire::DISCONNECT;
        if changes && within < DISCONNECT_TAKES {
            return Err(too_late());
        }
        timeout(within, self.carry_out(order))
            .await
            .unwrap_or_else(|_| Err(if changes { cut_off() } else { RouterCommandError::TimedOut }))
    }

    async fn settle(&self, unsettled: &Unsettled) -> Outcome {
        let Unsettled { command, last: (poll_seq, at), epoch } = unsettled;
        if command.kind == wire::DISCONNECT {
            return self.settle_disconnect(command).await;
        }
        if command.kind == wire::KEEP_LIMITS {
            return Err(RouterCommandError::Unknown(format!(
                "{}. Whoever has the router now keeps its queues as is wanted",
                gone(command)
            )));
        }
        if [wire::ADMIT_DEVICE, wire::KEEP_VOUCHERS].contains(&&*command.kind) {
            return Err(RouterCommandError::Unknown(format!(
                "{}. Whoever has the router now finds out who is in, and keeps that as is wanted",
                gone(command)
            )));
        }
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

fn cut_off() -> RouterCommandError {
    RouterCommandError::Unknown(
        "it took longer than a router may take, and was cut off: whether the session is gone is not known. Look at the sessions \
         before you try again"
            .to_owned(),
    )
}

fn gone(command: &Command) -> String {
    let node = command.node.as_deref().unwrap_or("?");
    format!("the process {node}, which was asked, ended or lost the router")
}
