//! Who would be in on a router if something was done to vouchers that is only thought of. Nothing is written down.

use accounting::time::Micros;
use store::{LimitSubject, NasId, Store, StoreError, VoucherDeviceState, VoucherHolder, WantedLimit};

use super::board::VouchersSeen;
use super::keeping::{is_used_up, moved};
use super::login::{leaving_of, voucher_login};
use super::on_router::{VoucherLeaving, VoucherLogin};
use super::speed::{ACTOR, limit_of, subject_of};
use crate::limits::LimitChange;
use crate::planned_change::PlannedChange;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThoughtVouchers {
    /// Who would have to be in.
    pub wanted: Vec<VoucherLogin>,
    /// Who would have to be off.
    pub leaving: Vec<VoucherLeaving>,
    /// Whose limits, which vouchers set, would be wanted no more.
    pub unlimited: Vec<LimitSubject>,
    /// Limits that would be wanted again.
    pub limited: Vec<WantedLimit>,
}

/// With that change done; where the router is left nobody is to be in. `seen`: how they stood on it when it was looked at last.
pub async fn think_of_vouchers(
    store: &dyn Store,
    nas: NasId,
    change: &PlannedChange,
    (seen, now): (Option<&VouchersSeen>, Micros),
) -> Result<ThoughtVouchers, StoreError> {
    let mut holders = store.voucher_devices(nas).await?;
    let moved = moved(store, &holders, seen).await?;
    let set = store.limits(Some(nas)).await?;
    let act = |holder: &VoucherHolder| match change {
        PlannedChange::Vouchers(which, act) => Some(*act).filter(|_| which.means(&holder.issued.voucher)),
        PlannedChange::Leave | PlannedChange::Enter | PlannedChange::LetIn(_) => None,
    };
    let mut thought = ThoughtVouchers::default();
    for holder in &mut holders {
        let is_meant = act(holder);
        if let Some(act) = is_meant {
            holder.issued.voucher = act.done_to(holder.issued.voucher.clone(), now);
        }
        let octets = moved.get(&holder.issued.voucher.id).copied().unwrap_or(0);
        let is_to_be_in = *change != PlannedChange::Leave && !is_used_up(holder, octets);
        let login = voucher_login(holder, octets, now).filter(|_| is_to_be_in);
        if is_meant.is_some() {
            thought.limit(holder, login.is_some(), &set, now);
        }
        match login {
            Some(login) => thought.wanted.push(login),
            None => thought.leaving.push(leaving_of(holder)),
        }
    }
    Ok(thought)
}

impl ThoughtVouchers {
    /// How limits would be wanted otherwise; `None`: as they are.
    pub fn limits(&self) -> Option<LimitChange> {
        let off = self.unlimited.iter().cloned().map(LimitChange::Remove);
        let all: Vec<LimitChange> = off.chain(self.limited.iter().cloned().map(LimitChange::Set)).collect();
        (!all.is_empty()).then_some(LimitChange::All(all))
    }

    /// Access and queue come and go together; what people set stays.
    fn limit(&mut self, holder: &VoucherHolder, is_in: bool, set: &[WantedLimit], now: Micros) {
        let subject = subject_of(holder);
        let there = set.iter().find(|limit| limit.subject == subject);
        match (is_in && holder.device.state == VoucherDeviceState::In, there) {
            (true, None) => self.limited.extend(limit_of(holder, now)),
            (false, Some(limit)) if limit.set_by == ACTOR => self.unlimited.push(subject),
            _ => {}
        }
    }
}
