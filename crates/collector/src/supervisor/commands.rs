//! Answering commands to routers.

use std::time::Duration;

use accounting::table::Table;
use async_trait::async_trait;
use operations::{
    AddressTest, Admission, AdmitDevice, Check, CounterLook, Disconnected, Finding, HostSought, HotspotHost,
    LimitChange, LimitsKept, Patient, PlannedChange, ReadNow, RouterCommandError, RouterCommands,
    RouterQueue, RouterStatus, SessionTarget, TrafficLook, VoucherUser, VouchersKept,
};
use store::{Nas, NasId};
use tokio::time::Instant;

use super::{Supervisor, password_lost};
use crate::checkup::{Entry, check_up_entry};
use crate::link::Target;
use crate::poller::{ReadRequest, not_written};
use crate::{doctor, enrolment, queues};

/// Whoever asks for a reading is answered within this time, whatever the router does (DESIGN rule 11).
const READ_NOW_WITHIN: Duration = Duration::from_secs(5);
/// A router that is slow, or has large tables, is given so long to be looked over for faults.
const DIAGNOSE_WITHIN: Duration = Duration::from_secs(20);
/// What is known already is told within this time, or not at all: it is asked again in ten seconds.
const GLANCE_WITHIN: Duration = Duration::from_secs(1);
/// Users of one router that another process is told, some 200 bytes each. Overflow rule: those behind them are left off, and counted.
const MOST_TOLD: usize = 2_000;

#[async_trait]
impl RouterCommands for Supervisor {
    async fn read_now(&self, nas: NasId) -> Result<ReadNow, RouterCommandError> {
        let deadline = Instant::now() + READ_NOW_WITHIN;
        loop {
            let (ask, mut asked) = ReadRequest::new();
            let inbox = {
                // Held while routers change hands, which may take long.
                let running = tokio::time::timeout_at(deadline, self.running.lock()).await;
                let running = running.map_err(|_| RouterCommandError::TimedOut)?;
                let router = running.get(&nas).ok_or_else(|| self.why_not_polled(nas))?;
                router.ask(ask)?;
                router.inbox().clone()
            };
            match tokio::time::timeout_at(deadline, asked.answer()).await {
                Ok(Some(result)) => return result,
                // Its poller has ended. One whose entry was edited has another a moment later.
                Ok(None) => {}
                Err(_) if asked.was_read() => return Err(not_written(&inbox.trouble())),
                Err(_) => return Err(RouterCommandError::TimedOut),
            }
        }
    }

    async fn check_up(&self, nas: Nas) -> Result<Vec<Check>, RouterCommandError> {
        let entry = Entry { devices: &self.devices, nas: Some(nas.id) };
        Ok(check_up_entry(&self.target_of(&nas).await?, self.clock.now(), Some(entry)).await)
    }

    async fn check_address(&self, address: AddressTest) -> Result<Vec<Check>, RouterCommandError> {
        self.look_at_address(address).await
    }

    async fn diagnose(&self, nas: Nas, patient: Patient) -> Result<Vec<Finding>, RouterCommandError> {
        let target = self.target_of(&nas).await?;
        let look = doctor::diagnose(&target, &patient, self.clock.now());
        match tokio::time::timeout(DIAGNOSE_WITHIN, look).await {
            Ok(looked) => looked.map_err(|error| RouterCommandError::Unreachable(error.to_string())),
            Err(_) => Err(RouterCommandError::TimedOut),
        }
    }

    async fn look_at_counters(
        &self,
        nas: Nas,
        counters: Vec<(Table, Vec<u8>)>,
    ) -> Result<Vec<CounterLook>, RouterCommandError> {
        let target = self.target_of(&nas).await?;
        let enrolled = self.store.asked_counters(nas.id).await;
        let enrolled = enrolled.map_err(|error| RouterCommandError::StoreStalled(error.to_string()))?;
        match tokio::time::timeout(READ_NOW_WITHIN, enrolment::look(&target, &counters, &enrolled)).await {
            Ok(looked) => looked.map_err(|error| RouterCommandError::Unreachable(error.to_string())),
            Err(_) => Err(RouterCommandError::TimedOut),
        }
    }

    async fn disconnect(
        &self,
        nas: Nas,
        session: SessionTarget,
        dry_run: bool,
    ) -> Result<Disconnected, RouterCommandError> {
        self.end_session(nas, session, dry_run).await
    }

    async fn keep_limits(
        &self,
        nas: Nas,
        change: Option<LimitChange>,
        dry_run: bool,
    ) -> Result<LimitsKept, RouterCommandError> {
        self.order_limits(nas, change, dry_run).await
    }

    async fn admit_device(&self, nas: Nas, device: AdmitDevice) -> Result<Admission, RouterCommandError> {
        self.order_admission(nas, device).await
    }

    async fn keep_vouchers(&self, nas: Nas, leave: bool) -> Result<VouchersKept, RouterCommandError> {
        self.order_vouchers(nas, leave).await
    }

    async fn look_at_voucher_users(
        &self,
        nas: Nas,
        users: Vec<VoucherUser>,
    ) -> Result<(), RouterCommandError> {
        self.order_look_at_users(nas, users).await
    }

    async fn plan_change(&self, nas: Nas, change: PlannedChange) -> Result<Vec<String>, RouterCommandError> {
        self.planned(nas, change).await
    }

    async fn look_at_traffic(&self, nas: Nas) -> Result<TrafficLook, RouterCommandError> {
        // Held while routers change hands, which may take long.
        let running = tokio::time::timeout(GLANCE_WITHIN, self.running.lock()).await;
        if !running.map_err(|_| RouterCommandError::TimedOut)?.contains_key(&nas.id) {
            return Err(self.why_not_polled(nas.id));
        }
        Ok(self.config.limits.traffic().look(nas.id, self.clock.host(), MOST_TOLD))
    }

    async fn hotspot_hosts(
        &self,
        nas: Nas,
        sought: HostSought,
    ) -> Result<Vec<HotspotHost>, RouterCommandError> {
        self.order_hosts(nas, sought).await
    }

    async fn list_queues(&self, nas: Nas) -> Result<Vec<RouterQueue>, RouterCommandError> {
        let target = self.target_of(&nas).await?;
        let mark = self.registry.lock().await.mark.clone();
        match tokio::time::timeout(READ_NOW_WITHIN, queues::list(&target, &mark)).await {
            Ok(Ok(queues)) => Ok(queues),
            Ok(Err(error)) if error.is_refusal() => Err(RouterCommandError::Refused(error.to_string())),
            Ok(Err(error)) => Err(RouterCommandError::Unreachable(error.to_string())),
            Err(_) => Err(RouterCommandError::TimedOut),
        }
    }

    async fn is_session_open(&self, nas: Nas, session: SessionTarget) -> Result<bool, RouterCommandError> {
        self.is_open_now(&nas, &session).await
    }

    async fn reload(&self) {
        self.reloads.tell().await;
    }
}

impl Supervisor {
    /// Where a router is, for a login beside the polling one.
    pub(super) async fn target_of(&self, nas: &Nas) -> Result<Target, RouterCommandError> {
        let refused = |error: String| RouterCommandError::Refused(error);
        let password = self.vault.password_of(nas).map_err(|error| refused(password_lost(nas, &error)))?;
        let security = self.securities.of(nas).await.map_err(|error| refused(error.to_string()))?;
        let (config, allowed) = (&nas.config, self.config.allowed.clone());
        Ok(Target { security, allowed, ..Target::new(&config.host, config.port, &config.username, password) })
    }

    /// Why nobody polls a router: as its status has it, where that says more than that it is switched off.
    pub(super) fn why_not_polled(&self, nas: NasId) -> RouterCommandError {
        match self.board.get(nas) {
            Some(RouterStatus { node: Some(node), .. }) => RouterCommandError::Refused(format!(
                "the process {node} polls the router, and this one cannot ask it: ask there, or give all of them the same redis.url"
            )),
            Some(RouterStatus { phase, message: Some(message), .. }) if phase.is_trouble() => {
                RouterCommandError::Refused(message)
            }
            _ => RouterCommandError::NotPolled,
        }
    }
}
