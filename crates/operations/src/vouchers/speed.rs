//! How fast devices of vouchers may be: a limit like any other, which belongs to the device as long as its voucher lets it in. A
//! voucher with a speed is used when its router showed the queue, and not before.

use accounting::time::Micros;
use serde_json::json;
use store::{
    LimitSubject, LimitUntil, Nas, NasId, NewAudit, RateLimit, SET_BY_VOUCHER, Store, StoreError,
    VoucherDeviceState, VoucherHolder, WantedLimit,
};

use super::board::RouterSeen;
use super::device::AdmissionError;
use crate::limits::{LimitChange, LimitFound};
use crate::operations::Operations;
use crate::origin::origin;
use crate::router_commands::RouterCommandError;

/// Who does it, for the journal; limits of vouchers are told from those of people by it.
pub(super) const ACTOR: &str = SET_BY_VOUCHER;

/// The limit of a device by its voucher; `None`: as fast as it can.
pub(super) fn limit_of(holder: &VoucherHolder, now: Micros) -> Option<WantedLimit> {
    let rate = holder.issued.issue.terms.rate;
    (rate != RateLimit::default()).then(|| WantedLimit {
        nas: holder.device.nas,
        subject: subject_of(holder),
        rate,
        // It is removed when the device is put out.
        until: LimitUntil::Removed,
        set_by: ACTOR.to_owned(),
        set_at: now,
    })
}

pub(super) fn subject_of(holder: &VoucherHolder) -> LimitSubject {
    LimitSubject::Device(holder.device.mac.clone().into_bytes())
}

/// How the limit of a device stands that is being let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slowed {
    /// The router showed it: as the voucher says, or as somebody says who limits the device otherwise. That it has no effect, where
    /// it has none, is told by those who show limits.
    Shown,
    /// Nobody knows yet.
    Unknown,
    /// The router does not take it: why.
    Refused(String),
}

/// By what a look at the router's queues found of it. `is_theirs`: somebody limits the device, and not its voucher: that is theirs to
/// take back, and whoever they set it for may be in.
fn slowed(found: Option<&LimitFound>, is_theirs: bool) -> Slowed {
    match found {
        Some(LimitFound::Set(_) | LimitFound::WithoutEffect(_) | LimitFound::Free) => Slowed::Shown,
        Some(LimitFound::Refused(_)) if is_theirs => Slowed::Shown,
        Some(LimitFound::Refused(why)) => Slowed::Refused(why.clone()),
        Some(LimitFound::Away) | None => Slowed::Unknown,
    }
}

/// The same of a device that is in since then, by the last look since: whoever let it in may have been killed before it was limited
/// (docs/adr/0038).
pub(super) async fn slowed_since(
    store: &dyn Store,
    holder: &VoucherHolder,
    since: Micros,
    (router, now): (RouterSeen<'_>, Micros),
) -> Result<Slowed, StoreError> {
    let Some(wanted) = limit_of(holder, now) else { return Ok(Slowed::Shown) };
    let all = store.limits(Some(wanted.nas)).await?;
    let there = all.into_iter().find(|limit| limit.subject == wanted.subject);
    let is_theirs = there.as_ref().is_some_and(|there| there.set_by != ACTOR);
    let is_wanted = is_theirs || there.is_some_and(|there| there.rate == wanted.rate);
    // By a clock that was set back it may not be wanted yet.
    let asked = Some(holder.device.wanted_at).filter(|at| *at <= now);
    let found = router.limits.found(wanted.nas, &wanted.subject).filter(|(at, _)| {
        let ago_us = router.wall.0.saturating_sub(at.0).max(0);
        is_wanted && now.0.saturating_sub(ago_us) >= since.max(asked.unwrap_or(since)).0
    });
    Ok(slowed(found.as_ref().map(|(_, found)| found), is_theirs))
}

/// A line of the journal about such a limit.
pub(super) fn act(now: Micros, action: &str, nas: NasId, holder_mac: &str) -> NewAudit {
    let detail = json!({ "nas": nas.0, "kind": "device" }).to_string();
    NewAudit {
        actor: ACTOR.to_owned(),
        origin: origin(),
        detail,
        ..NewAudit::by_system(now, action, holder_mac)
    }
}

impl Operations {
    /// How fast a voucher says that device may be.
    pub(crate) async fn limit_by_voucher(
        &self,
        nas: NasId,
        subject: &LimitSubject,
    ) -> Result<Option<WantedLimit>, StoreError> {
        let LimitSubject::Device(mac) = subject else { return Ok(None) };
        let Ok(mac) = String::from_utf8(mac.clone()) else { return Ok(None) };
        let holder = self.store.voucher_of_device(nas, mac).await?;
        Ok(holder.and_then(|holder| limit_of(&holder, self.now())))
    }

    /// Limits the device as its voucher says, unless somebody limited it otherwise; success is what the router showed.
    ///
    /// # Errors
    /// The router does not take it, or nobody knows: then it is limited, and its voucher used, as soon as the router shows it.
    pub(super) async fn limit_voucher_device(
        &self,
        nas: &Nas,
        holder: &VoucherHolder,
    ) -> Result<(), AdmissionError> {
        let Some(wanted) = limit_of(holder, self.now()) else { return Ok(()) };
        let subject = wanted.subject.clone();
        let there = self.store.limits(Some(nas.id)).await?.into_iter().find(|limit| limit.subject == subject);
        let is_theirs = there.as_ref().is_some_and(|there| there.set_by != ACTOR);
        if there.is_none_or(|there| there.set_by == ACTOR && there.rate != wanted.rate) {
            let act = act(self.now(), "limit.set", nas.id, &holder.device.mac);
            self.store.set_limit(wanted, act).await?;
        }
        let about = Some(LimitChange::About(subject.clone()));
        let slowed = match self.commands.keep_limits(nas.clone(), about, false).await {
            Ok(kept) => slowed(kept.of(&subject), is_theirs),
            Err(error) => {
                tracing::warn!(%error, router = nas.config.name, "a device is in, and limited as soon as its router can be asked");
                Slowed::Unknown
            }
        };
        match slowed {
            Slowed::Shown => Ok(()),
            Slowed::Unknown => Err(RouterCommandError::Unknown(NOT_SLOWED_YET.to_owned()).into()),
            Slowed::Refused(why) => {
                // Of a device that is in already it is wanted on: it is set when the router takes it.
                if holder.device.state != VoucherDeviceState::In {
                    let act = act(self.now(), "limit.refused", nas.id, &holder.device.mac);
                    self.store.remove_limit(nas.id, subject, act).await?;
                }
                Err(RouterCommandError::Refused(why).into())
            }
        }
    }
}

const NOT_SLOWED_YET: &str = "the router let the device in and did not show its speed limit yet; the voucher is not used before it does, \
    and nothing of it is lost. Try again in a moment";
