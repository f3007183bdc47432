//! [`RouterCommands`] wherever a router is polled: here by the collector in this process, elsewhere by the process that polls it.

use std::sync::Arc;
use std::time::Duration;

use accounting::table::Table;
use async_trait::async_trait;
use operations::{
    AddressTest, Admission, AdmitDevice, Check, CounterLook, Disconnected, Finding, HostSought, HotspotHost,
    LimitChange, LimitsKept, Patient, PlannedChange, ReadNow, RouterCommandError, RouterCommands,
    RouterQueue, SessionTarget, TrafficLook, VoucherUser, VouchersKept,
};
use serde_json::Value as Json;
use store::{Nas, NasId, Store};

use super::asker::Asker;
use super::message::Order;
use super::outcome::unreadable;
use super::{
    wire, wire_disconnect, wire_doctor, wire_limits, wire_planned, wire_queues, wire_traffic, wire_vouchers,
};

/// Whoever asks for a reading is answered within 5 s (DESIGN rule 11), a look into the database included.
const READING: Duration = Duration::from_millis(4_500);
/// A login that gets no answer takes long to give up.
const CHECKING: Duration = Duration::from_secs(25);
/// Longer than a session that is ended is looked after.
pub(super) const DISCONNECTING: Duration = Duration::from_secs(27);
/// Longer than a router's queues, or its devices of vouchers, are looked at and set.
const LIMITING: Duration = Duration::from_secs(22);
/// Longer than its devices, its queues and who is kept out are looked at, one after the other.
const PLANNING: Duration = Duration::from_secs(52);
/// Nobody waits for what is asked again in ten seconds.
const GLANCING: Duration = Duration::from_secs(1);
/// As long as a collector waits for its own pollers.
const RELOADING: Duration = Duration::from_secs(5);

/// See the module.
pub struct RemoteRouters {
    local: Arc<dyn RouterCommands>,
    store: Arc<dyn Store>,
    asker: Arc<Asker>,
    node: String,
}

impl RemoteRouters {
    /// Asks other processes than `node`, which is this one, through `asker`.
    pub fn new(
        local: Arc<dyn RouterCommands>,
        store: Arc<dyn Store>,
        asker: Arc<Asker>,
        node: &str,
    ) -> RemoteRouters {
        RemoteRouters { local, store, asker, node: node.to_owned() }
    }

    /// The other process that polls a router.
    async fn elsewhere(&self, nas: NasId) -> Result<Option<String>, RouterCommandError> {
        let holder = self.store.polled_by(nas).await;
        let holder = holder.map_err(|error| RouterCommandError::StoreStalled(error.to_string()))?;
        Ok(holder.filter(|holder| *holder != self.node))
    }

    async fn ask<T>(
        &self,
        node: &str,
        nas: NasId,
        (kind, arguments, within): (&str, Json, Duration),
        read: impl Fn(&Json) -> Option<T>,
    ) -> Result<T, RouterCommandError> {
        let order = Order::new(Some(nas), kind, arguments, within);
        let value = self.asker.ask(node, nas, order).await?;
        read(&value).ok_or_else(unreadable)
    }
}

#[async_trait]
impl RouterCommands for RemoteRouters {
    async fn read_now(&self, nas: NasId) -> Result<ReadNow, RouterCommandError> {
        match self.elsewhere(nas).await? {
            None => self.local.read_now(nas).await,
            Some(node) => self.ask(&node, nas, (wire::READ_NOW, Json::Null, READING), wire::reading).await,
        }
    }

    async fn check_up(&self, nas: Nas) -> Result<Vec<Check>, RouterCommandError> {
        match self.elsewhere(nas.id).await? {
            None => self.local.check_up(nas).await,
            Some(node) => self.ask(&node, nas.id, (wire::CHECK_UP, Json::Null, CHECKING), wire::checks).await,
        }
    }

    /// By this process: a password that is not kept is given to no other.
    async fn check_address(&self, address: AddressTest) -> Result<Vec<Check>, RouterCommandError> {
        self.local.check_address(address).await
    }

    async fn diagnose(&self, nas: Nas, patient: Patient) -> Result<Vec<Finding>, RouterCommandError> {
        let Some(node) = self.elsewhere(nas.id).await? else {
            return self.local.diagnose(nas, patient).await;
        };
        let what = (wire::DIAGNOSE, wire_doctor::of_patient(&patient), CHECKING);
        self.ask(&node, nas.id, what, wire_doctor::findings).await
    }

    async fn look_at_counters(
        &self,
        nas: Nas,
        counters: Vec<(Table, Vec<u8>)>,
    ) -> Result<Vec<CounterLook>, RouterCommandError> {
        match self.elsewhere(nas.id).await? {
            None => self.local.look_at_counters(nas, counters).await,
            Some(node) => {
                let what = (wire::LOOK_AT_COUNTERS, wire::of_counters(&counters), READING);
                self.ask(&node, nas.id, what, wire::looks).await
            }
        }
    }

    async fn disconnect(
        &self,
        nas: Nas,
        session: SessionTarget,
        dry_run: bool,
    ) -> Result<Disconnected, RouterCommandError> {
        let Some(node) = self.elsewhere(nas.id).await? else {
            return self.local.disconnect(nas, session, dry_run).await;
        };
        let kind = if dry_run { wire::PLAN_DISCONNECT } else { wire::DISCONNECT };
        let what = (kind, wire_disconnect::of_target(&session), DISCONNECTING);
        self.ask(&node, nas.id, what, wire_disconnect::disconnected).await
    }

    async fn keep_limits(
        &self,
        nas: Nas,
        change: Option<LimitChange>,
        dry_run: bool,
    ) -> Result<LimitsKept, RouterCommandError> {
        let Some(node) = self.elsewhere(nas.id).await? else {
            return self.local.keep_limits(nas, change, dry_run).await;
        };
        let kind = if dry_run { wire::PLAN_LIMITS } else { wire::KEEP_LIMITS };
        let what = (kind, wire_limits::of_change(change.as_ref()), LIMITING);
        self.ask(&node, nas.id, what, wire_limits::kept).await
    }

    async fn admit_device(&self, nas: Nas, device: AdmitDevice) -> Result<Admission, RouterCommandError> {
        let Some(node) = self.elsewhere(nas.id).await? else {
            return self.local.admit_device(nas, device).await;
        };
        let what = (wire::ADMIT_DEVICE, wire_vouchers::of_device(device), LIMITING);
        self.ask(&node, nas.id, what, wire_vouchers::admission).await
    }

    async fn keep_vouchers(&self, nas: Nas, leave: bool) -> Result<VouchersKept, RouterCommandError> {
        let Some(node) = self.elsewhere(nas.id).await? else {
            return self.local.keep_vouchers(nas, leave).await;
        };
        let what = (wire::KEEP_VOUCHERS, Json::Bool(leave), LIMITING);
        self.ask(&node, nas.id, what, wire_vouchers::kept).await
    }

    async fn look_at_voucher_users(
        &self,
        nas: Nas,
        users: Vec<VoucherUser>,
    ) -> Result<(), RouterCommandError> {
        let Some(node) = self.elsewhere(nas.id).await? else {
            return self.local.look_at_voucher_users(nas, users).await;
        };
        let what = (wire::LOOK_AT_VOUCHER_USERS, wire_vouchers::of_users(users), LIMITING);
        self.ask(&node, nas.id, what, |_| Some(())).await
    }

    async fn plan_change(&self, nas: Nas, change: PlannedChange) -> Result<Vec<String>, RouterCommandError> {
        let Some(node) = self.elsewhere(nas.id).await? else {
            return self.local.plan_change(nas, change).await;
        };
        let what = (wire::PLAN_CHANGE, wire_planned::of_change(&change), PLANNING);
        self.ask(&node, nas.id, what, wire_planned::commands).await
    }

    async fn look_at_traffic(&self, nas: Nas) -> Result<TrafficLook, RouterCommandError> {
        match self.elsewhere(nas.id).await? {
            None => self.local.look_at_traffic(nas).await,
            Some(node) => {
                let what = (wire::LOOK_AT_TRAFFIC, Json::Null, GLANCING);
                self.ask(&node, nas.id, what, wire_traffic::look).await
            }
        }
    }

    async fn hotspot_hosts(
        &self,
        nas: Nas,
        sought: HostSought,
    ) -> Result<Vec<HotspotHost>, RouterCommandError> {
        let Some(node) = self.elsewhere(nas.id).await? else {
            return self.local.hotspot_hosts(nas, sought).await;
        };
        let what = (wire::HOTSPOT_HOSTS, wire_vouchers::of_sought(sought), READING);
        self.ask(&node, nas.id, what, wire_vouchers::hosts).await
    }

    async fn list_queues(&self, nas: Nas) -> Result<Vec<RouterQueue>, RouterCommandError> {
        match self.elsewhere(nas.id).await? {
            None => self.local.list_queues(nas).await,
            Some(node) => {
                let what = (wire::LIST_QUEUES, Json::Null, READING);
                self.ask(&node, nas.id, what, wire_queues::queues).await
            }
        }
    }

    async fn is_session_open(&self, nas: Nas, session: SessionTarget) -> Result<bool, RouterCommandError> {
        self.local.is_session_open(nas, session).await
    }

    async fn reload(&self) {
        let others = async {
            let nodes = match self.store.nodes().await {
                Ok(nodes) => nodes,
                Err(error) => {
                    return tracing::warn!(%error, "other processes see what changed when they look next");
                }
            };
            let polling = nodes.into_iter().filter(|node| node.is_alive && node.role.polls());
            let tellings = polling.filter(|node| node.name != self.node).map(|node| async move {
                let order = Order::new(None, wire::RELOAD, Json::Null, RELOADING);
                self.asker.tell(&node.name, order).await;
            });
            futures_util::future::join_all(tellings).await;
        };
        tokio::join!(self.local.reload(), others);
    }
}
