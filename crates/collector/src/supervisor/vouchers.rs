//! Devices of vouchers: who is to be in is told to the routers of this process every few seconds and whenever one is over, and devices
//! are let in, put out and looked for, for those who wait.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use operations::{
    Admission, AdmitDevice, HostSought, HotspotHost, LastingTime, RouterCommandError, RouterSeen,
    RouterVouchers, VoucherUser, VouchersKept, VouchersSeen, keep_voucher_devices,
};
use store::{Nas, NasId, StoreError};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::Supervisor;
use crate::vouchers::Order;

/// Between two looks at who is to be in, unless one of them is over before.
const EVERY: Duration = Duration::from_secs(5);
/// Whoever has a device let in or put out is answered within this time.
pub(super) const WITHIN: Duration = Duration::from_secs(20);
const BEING_LEFT: &str = "somebody removes or disables this router at this moment, so that nobody is let in there; nothing was changed";
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
        let mut told = self.telling_vouchers.lock().await;
        *told += 1;
        let marked: HashSet<NasId> = self.store.voucher_routers().await?.into_iter().collect();
        let of = |(nas, router): (&NasId, &super::running::Running)| {
            (marked.contains(nas) || router.has_vouchers()).then_some(*nas)
        };
        let routers: Vec<NasId> = self.running.lock().await.iter().filter_map(of).collect();
        if routers.is_empty() {
            return Ok(EVERY);
        }
        let time = self.lasting_time().await?;
        let mut next = None;
        for nas in &routers {
            let over = self.tell_vouchers_of(*nas, (marked.contains(nas), false), time, *told).await?;
            next = [next, over].into_iter().flatten().min();
        }
        let now = time.now(&*self.clock);
        self.store.end_vouchers(now).await?;
        let until = |at: Micros| Duration::from_micros(at.0.saturating_sub(now.0).max(0).unsigned_abs());
        Ok(next.map_or(EVERY, |at| until(at).clamp(Duration::from_millis(100), EVERY)))
    }

    /// When the next of a router's devices is over. `leave`: for this once nobody is to be in.
    async fn tell_vouchers_of(
        &self,
        nas: NasId,
        (is_marked, leave): (bool, bool),
        time: LastingTime,
        told: u64,
    ) -> Result<Option<Micros>, StoreError> {
        self.write_down_logins(nas).await?;
        let (seen, now) = (self.config.vouchers.of(nas), time.now(&*self.clock));
        let run = &*self.config.node.run;
        let router =
            RouterSeen { vouchers: seen.as_ref(), limits: &self.config.limits, wall: self.clock.now() };
        let keeping = keep_voucher_devices(&*self.store, (nas, run), router, now).await?;
        let keeping = if leave || self.vouchers_leave.is_left(nas) { keeping.left() } else { keeping };
        if let Some(router) = self.running.lock().await.get(&nas) {
            let knows_it = router.told_that_nobody_is_in().filter(|_| !keeping.has_live);
            let is_free = knows_it.is_some_and(|since| shows_none(seen, since));
            let (wanted, leaving) = (keeping.wanted.into(), keeping.leaving.into());
            let is_asked = is_marked && !is_free;
            router.want_vouchers(RouterVouchers { wanted, leaving, is_asked, time: Some(time), told });
            if is_free {
                self.store.free_of_vouchers(nas).await?;
            }
        }
        if keeping.limits_changed {
            self.tell_limits().await?;
        }
        Ok(keeping.next)
    }

    /// What looks showed of logins goes to the books. One at a time: a sight that comes late would be taken for another login's.
    async fn write_down_logins(&self, nas: NasId) -> Result<(), StoreError> {
        let Some(sights) = self.config.vouchers.take_sights(nas) else { return Ok(()) };
        let written = self.store.note_voucher_logins(nas, sights.look()).await;
        if written.is_err() {
            self.config.vouchers.put_back(nas, sights);
        }
        written
    }

    /// Whoever waited for a pass finds in the books what it showed. Where they cannot be written now it is written before the next one.
    async fn write_down_before_answering(&self, nas: NasId) {
        let _turn = self.telling_vouchers.lock().await;
        if let Err(error) = self.write_down_logins(nas).await {
            tracing::warn!(%error, "what devices of vouchers moved is written down as soon as can be");
        }
    }

    /// Lets a device in that is written down as wanted.
    pub(super) async fn order_admission(
        &self,
        nas: Nas,
        device: AdmitDevice,
    ) -> Result<Admission, RouterCommandError> {
        let (answer, answered) = oneshot::channel();
        self.order(nas.id, Order::Admit(device, answer), false).await?;
        let admission = answer_of(answered, WITHIN).await;
        self.write_down_before_answering(nas.id).await;
        admission
    }

    /// Has a router made what is wanted, now; `leave`: has everybody taken off.
    pub(super) async fn order_vouchers(
        &self,
        nas: Nas,
        leave: bool,
    ) -> Result<VouchersKept, RouterCommandError> {
        let (answer, answered) = oneshot::channel();
        self.order(nas.id, Order::Keep(vec![answer]), leave).await?;
        let kept = answer_of(answered, WITHIN).await;
        self.write_down_before_answering(nas.id).await;
        kept
    }

    /// Looks what the logins of these users moved; whoever is to be in is no matter of it.
    pub(super) async fn order_look_at_users(
        &self,
        nas: Nas,
        users: Vec<VoucherUser>,
    ) -> Result<(), RouterCommandError> {
        let (answer, answered) = oneshot::channel();
        self.order_alone(nas.id, Order::Moved(users, vec![answer])).await?;
        let looked = answer_of(answered, WITHIN).await;
        self.write_down_before_answering(nas.id).await;
        looked
    }

    /// Looks for devices in sight of a router's hotspot.
    pub(super) async fn order_hosts(
        &self,
        nas: Nas,
        sought: HostSought,
    ) -> Result<Vec<HotspotHost>, RouterCommandError> {
        let (answer, answered) = oneshot::channel();
        self.order_alone(nas.id, Order::Hosts(sought, answer)).await?;
        match tokio::time::timeout(LOOK_WITHIN, answered).await {
            Ok(Ok(hosts)) => hosts,
            Ok(Err(_)) => Err(RouterCommandError::NotPolled),
            Err(_) => Err(RouterCommandError::TimedOut),
        }
    }

    /// An order that changes nothing: the router does not have to be told first who is to be in.
    async fn order_alone(&self, nas: NasId, order: Order) -> Result<(), RouterCommandError> {
        let running = self.running.lock().await;
        running.get(&nas).ok_or_else(|| self.why_not_polled(nas))?.order_vouchers(order)
    }

    /// The router is told first who is to be in: else the pass after this one would put out whom this one lets in.
    async fn order(&self, nas: NasId, order: Order, leave: bool) -> Result<(), RouterCommandError> {
        let mut turn = self.telling_vouchers.lock().await;
        *turn += 1;
        if !self.running.lock().await.contains_key(&nas) {
            return Err(self.why_not_polled(nas));
        }
        if leave {
            self.vouchers_leave.begin(nas);
        } else if self.vouchers_leave.is_left(nas) && matches!(order, Order::Admit(..)) {
            return Err(RouterCommandError::Busy(BEING_LEFT.to_owned()));
        }
        let told = match self.lasting_time().await {
            Ok(time) => self.tell_vouchers_of(nas, (true, leave), time, *turn).await,
            Err(error) => Err(error),
        };
        told.map_err(|error| RouterCommandError::StoreStalled(error.to_string()))?;
        self.order_alone(nas, order).await
    }
}

/// Whether the router showed nothing of ours by a look that began after it was told by that number that nobody is to be in: one that
/// began before may be letting somebody in yet.
fn shows_none(seen: Option<VouchersSeen>, told: u64) -> bool {
    let seen = seen.filter(|seen| seen.told >= told);
    seen.is_some_and(|seen| seen.kept.is_ok_and(|kept| kept.shown.is_empty()))
}

pub(super) async fn answer_of<T>(
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(told: u64, shown: Vec<Vec<u8>>) -> Option<VouchersSeen> {
        let kept = Ok(VouchersKept { shown, ..VouchersKept::default() });
        Some(VouchersSeen { at: Micros(5), told, kept })
    }

    #[test]
    fn a_look_that_began_before_the_last_one_was_to_go_frees_no_router() {
        assert!(shows_none(seen(4, vec![]), 4) && shows_none(seen(5, vec![]), 4));
        assert!(!shows_none(seen(3, vec![]), 4), "it may be letting somebody in yet");
        assert!(!shows_none(seen(4, vec![b"ABC".to_vec()]), 4));
        let away = VouchersSeen { at: Micros(5), told: 4, kept: Err("away".to_owned()) };
        assert!(!shows_none(Some(away), 4) && !shows_none(None, 4));
    }
}
