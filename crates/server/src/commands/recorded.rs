//! [`RouterCommands`] of this process, of which those that change a router are written down before they are carried out, as if
//! another process had asked for them: what became of one is known although this process was killed in between.

use std::sync::Arc;

use accounting::table::Table;
use async_trait::async_trait;
use operations::{
    AddressTest, Admission, AdmitDevice, Check, CounterLook, Disconnected, Finding, HostSought, HotspotHost,
    LimitChange, LimitsKept, Patient, PlannedChange, ReadNow, RouterCommandError, RouterCommands,
    RouterQueue, SessionTarget, TrafficLook, VoucherUser, VouchersKept,
};
use store::{Beginning, Nas, NasId, StoreError};

use super::message::Order;
use super::outcome::{Outcome, unreadable};
use super::performer::Performer;
use super::remote::DISCONNECTING;
use super::{wire, wire_disconnect};

/// See the module.
pub struct RecordedRouters {
    local: Arc<dyn RouterCommands>,
    performer: Arc<Performer>,
}

impl RecordedRouters {
    /// Those of `local`, which `performer` carries out.
    pub fn new(local: Arc<dyn RouterCommands>, performer: Arc<Performer>) -> RecordedRouters {
        RecordedRouters { local, performer }
    }

    /// Goes on although who asked goes away. `None`: the router is not this process' own.
    async fn perform(&self, nas: NasId, order: Order) -> Result<Option<Outcome>, RouterCommandError> {
        let performer = Arc::clone(&self.performer);
        let at_work = tokio::spawn(async move {
            performer.in_hand.take(order.id);
            let outcome = perform(&performer, nas, &order).await;
            performer.in_hand.leave(order.id);
            outcome
        });
        let unknown = |why: String| {
            RouterCommandError::Unknown(format!(
                "what became of it is not known ({why}). Look at the sessions before you try again"
            ))
        };
        let outcome = at_work.await.map_err(|broken| unknown(broken.to_string()))?;
        outcome.map_err(|error| unknown(error.to_string()))
    }
}

async fn perform(performer: &Performer, nas: NasId, order: &Order) -> Result<Option<Outcome>, StoreError> {
    match performer.begin(nas, order).await? {
        Beginning::Begun => performer.carry_out(nas, order, order.within).await.map(Some),
        Beginning::Known(command) => Ok(Some(performer.known(&command, "It had been given before."))),
        Beginning::NotHeld => Ok(None),
    }
}

#[async_trait]
impl RouterCommands for RecordedRouters {
    async fn read_now(&self, nas: NasId) -> Result<ReadNow, RouterCommandError> {
        self.local.read_now(nas).await
    }

    async fn check_up(&self, nas: Nas) -> Result<Vec<Check>, RouterCommandError> {
        self.local.check_up(nas).await
    }

    /// By this process: a password that is not kept is given to no other.
    async fn check_address(&self, address: AddressTest) -> Result<Vec<Check>, RouterCommandError> {
        self.local.check_address(address).await
    }

    async fn diagnose(&self, nas: Nas, patient: Patient) -> Result<Vec<Finding>, RouterCommandError> {
        self.local.diagnose(nas, patient).await
    }

    async fn look_at_counters(
        &self,
        nas: Nas,
        counters: Vec<(Table, Vec<u8>)>,
    ) -> Result<Vec<CounterLook>, RouterCommandError> {
        self.local.look_at_counters(nas, counters).await
    }

    async fn disconnect(
        &self,
        nas: Nas,
        session: SessionTarget,
        dry_run: bool,
    ) -> Result<Disconnected, RouterCommandError> {
        if dry_run {
            return self.local.disconnect(nas, session, true).await;
        }
        let arguments = wire_disconnect::of_target(&session);
        let order = Order::new(Some(nas.id), wire::DISCONNECT, arguments, DISCONNECTING);
        let Some(outcome) = self.perform(nas.id, order).await? else {
            // Who polls it, and why this process does not, is best said by who would have to.
            return Err(self.local.read_now(nas.id).await.err().unwrap_or(RouterCommandError::NotPolled));
        };
        wire_disconnect::disconnected(&outcome?).ok_or_else(unreadable)
    }

    /// What is wanted stands in the database: whoever has the router later keeps it, and no row is needed.
    async fn keep_limits(
        &self,
        nas: Nas,
        change: Option<LimitChange>,
        dry_run: bool,
    ) -> Result<LimitsKept, RouterCommandError> {
        self.local.keep_limits(nas, change, dry_run).await
    }

    /// Who is to be in stands in the database, too.
    async fn admit_device(&self, nas: Nas, device: AdmitDevice) -> Result<Admission, RouterCommandError> {
        self.local.admit_device(nas, device).await
    }

    async fn keep_vouchers(&self, nas: Nas, leave: bool) -> Result<VouchersKept, RouterCommandError> {
        self.local.keep_vouchers(nas, leave).await
    }

    async fn look_at_voucher_users(
        &self,
        nas: Nas,
        users: Vec<VoucherUser>,
    ) -> Result<(), RouterCommandError> {
        self.local.look_at_voucher_users(nas, users).await
    }

    async fn plan_change(&self, nas: Nas, change: PlannedChange) -> Result<Vec<String>, RouterCommandError> {
        self.local.plan_change(nas, change).await
    }

    async fn look_at_traffic(&self, nas: Nas) -> Result<TrafficLook, RouterCommandError> {
        self.local.look_at_traffic(nas).await
    }

    async fn hotspot_hosts(
        &self,
        nas: Nas,
        sought: HostSought,
    ) -> Result<Vec<HotspotHost>, RouterCommandError> {
        self.local.hotspot_hosts(nas, sought).await
    }

    async fn list_queues(&self, nas: Nas) -> Result<Vec<RouterQueue>, RouterCommandError> {
        self.local.list_queues(nas).await
    }

    async fn is_session_open(&self, nas: Nas, session: SessionTarget) -> Result<bool, RouterCommandError> {
        self.local.is_session_open(nas, session).await
    }

    async fn reload(&self) {
        self.local.reload().await;
    }
}
