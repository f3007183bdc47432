//! How fast devices of vouchers may be: a limit like any other, which belongs to the device as long as its voucher lets it in.

use accounting::time::Micros;
use serde_json::json;
use store::{
    LimitSubject, LimitUntil, Nas, NasId, NewAudit, RateLimit, SET_BY_VOUCHER, StoreError,
    VoucherDeviceState, VoucherHolder, WantedLimit,
};

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

    /// Limits the device as its voucher says, unless somebody limited it otherwise; success is what the router showed. Where it
    /// cannot be asked now, it is limited as soon as it can be.
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
        match self.commands.keep_limits(nas.clone(), about, false).await {
            Ok(kept) => match kept.of(&subject) {
                // What somebody set is theirs to take back, and whoever they set it for may be in.
                Some(LimitFound::Refused(_)) if is_theirs => Ok(()),
                Some(LimitFound::Refused(why)) => {
                    // Of a device that is in already it is wanted on: it is set when the router takes it.
                    if holder.device.state != VoucherDeviceState::In {
                        let act = act(self.now(), "limit.refused", nas.id, &holder.device.mac);
                        self.store.remove_limit(nas.id, subject, act).await?;
                    }
                    Err(RouterCommandError::Refused(why.clone()).into())
                }
                _ => Ok(()),
            },
            Err(error) => {
                tracing::warn!(%error, router = nas.config.name, "a device is in, and limited as soon as its router can be asked");
                Ok(())
            }
        }
    }
}
