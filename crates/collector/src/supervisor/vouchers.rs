//! Devices of vouchers: who is to be in is told to the routers of this process every few seconds and whenever one is over, and devices
//! are let in, put out and looked for, for those who wait.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use operations::{
    Admission, AdmitDevice, HostSought, HotspotHost, RouterCommandError, RouterVouchers, VouchersKept,
    keep_voucher_devices,
};
use store::{Nas, NasId, StoreError};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::Supervisor;
use crate::vouchers::Order;

/// Between two looks at who is to be in, unless one of them is over before.
const EVERY: Duration = Duration::from_secs(5);
/// Whoever has a device let in or put out is answered within this time.
const WITHIN: Duration = Duration::from_secs(20);
/// Whoever looks for a device is answered within this time.
const LOOK_WITHIN: Duration = Duration::from_secs(5);

impl Supervisor {
    /// Tells routers who is to be in until `stop`. A database that does not answer changes nothing.
    pub(super) async fn keep_telling_vouchers(self: Arc<Self>, stop: CancellationToken) {
        let mut wait = EVERY;
        while stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_some() {
            let Some(told) = stop.run_until_cancelled(self.tell_vouchers()).await else { return };
            wait = told.unwrap_or_else(|error| {
                tracing::warn!(%error, "devices of vouchers are kept as they were wanted before");
                EVERY
            });
        }
    }

    /// How long nothing has to be told.
    async fn tell_vouchers(&self) -> Result<Duration, StoreError> {
        let _turn = self.telling_vouchers.lock().await;
        let marked: HashSet<NasId> = self.store.voucher_routers().await?.into_iter().collect();
        let of = |(nas, router): (&NasId, &super::running::Running)| {
            (marked.contains(nas) || router.has_vouchers()).then_some(*nas)
        };
        let routers: Vec<NasId> = self.running.lock().await.iter().filter_map(of).collect();
        let mut next = None;
        for nas in &routers {
            let over = self.tell_vouchers_of(*nas, marked.contains(nas)).await?;
            next = [next, over].into_iter().flatten().min();
        }
        if !routers.is_empty() {
            self.store.end_vouchers(self.clock.now()).await?;
        }
        let until =
            |at: Micros| Duration::from_micros(at.0.saturating_sub(self.clock.now().0).max(0).unsigned_abs());
        Ok(next.map_or(EVERY, |at| until(at).clamp(Duration::from_millis(100), EVERY)))
    }

    /// When the next of a router's devices is over.
    async fn tell_vouchers_of(&self, nas: NasId, is_marked: bool) -> Result<Option<Micros>, StoreError> {
        let (seen, now) = (self.config.vouchers.of(nas), self.clock.now());
        let keeping = keep_voucher_devices(&*self.store, nas, seen.as_ref(), now).await?;
        let shows_none = seen.is_some_and(|seen| seen.kept.is_ok_and(|kept| kept.shown.is_empty()));
        if let Some(router) = self.running.lock().await.get(&nas) {
            let is_free = !keeping.has_live && shows_none && router.wants_no_vouchers();
            let wanted = keeping.wanted.into();
            router.want_vouchers(RouterVouchers { wanted, is_asked: is_marked && !is_free });
            if is_free {
                self.store.free_of_vouchers(nas).await?;
            }
        }
        if keeping.limits_changed {
            self.tell_limits().await?;
        }
        Ok(keeping.next)
    }

    /// Lets a device in that is written down as wanted.
    pub(super) async fn order_admission(
        &self,
        nas: Nas,
        device: AdmitDevice,
    ) -> Result<Admission, RouterCommandError> {
        let (answer, answered) = oneshot::channel();
        self.order(nas.id, Order::Admit(device, answer)).await?;
        answer_of(answered, WITHIN).await
    }

    /// Has a router made what is wanted, now.
    pub(super) async fn order_vouchers(&self, nas: Nas) -> Result<VouchersKept, RouterCommandError> {
        let (answer, answered) = oneshot::channel();
        self.order(nas.id, Order::Keep(answer)).await?;
        answer_of(answered, WITHIN).await
    }

    /// Looks for devices in sight of a router's hotspot.
    pub(super) async fn order_hosts(
        &self,
        nas: Nas,
        sought: HostSought,
    ) -> Result<Vec<HotspotHost>, RouterCommandError> {
        let (answer, answered) = oneshot::channel();
        let running = self.running.lock().await;
        let router = running.get(&nas.id).ok_or_else(|| self.why_not_polled(nas.id))?;
        router.order_vouchers(Order::Hosts(sought, answer))?;
        drop(running);
        match tokio::time::timeout(LOOK_WITHIN, answered).await {
            Ok(Ok(hosts)) => hosts,
            Ok(Err(_)) => Err(RouterCommandError::NotPolled),
            Err(_) => Err(RouterCommandError::TimedOut),
        }
    }

    /// The router is told first who is to be in: else the pass after this one would put out whom this one lets in.
    async fn order(&self, nas: NasId, order: Order) -> Result<(), RouterCommandError> {
        let _turn = self.telling_vouchers.lock().await;
        if !self.running.lock().await.contains_key(&nas) {
            return Err(self.why_not_polled(nas));
        }
        let told = self.tell_vouchers_of(nas, true).await;
        told.map_err(|error| RouterCommandError::StoreStalled(error.to_string()))?;
        let running = self.running.lock().await;
        let router = running.get(&nas).ok_or_else(|| self.why_not_polled(nas))?;
        router.order_vouchers(order)
    }
}

async fn answer_of<T>(
    answered: oneshot::Receiver<Result<T, RouterCommandError>>,
    within: Duration,
) -> Result<T, RouterCommandError> {
    match tokio::time::timeout(within, answered).await {
        Ok(Ok(told)) => told,
        Ok(Err(_)) => Err(RouterCommandError::NotPolled),
        Err(_) => Err(RouterCommandError::Unknown(
            "the router was too slow to show in time who is in; its devices are kept as is wanted as soon as it does"
                .to_owned(),
        )),
    }
}
