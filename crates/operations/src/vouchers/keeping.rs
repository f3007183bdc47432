//! What is to become of the devices of vouchers on a router, by what it showed: whoever has the router mends what a crash left, ends
//! what is over, and knows then who is to be in.

use std::collections::{BTreeMap, HashMap, HashSet};

use accounting::time::Micros;
use serde_json::json;
use store::{
    LimitSubject, NasId, NewAudit, Store, StoreError, VoucherDevice, VoucherDeviceId, VoucherDeviceState,
    VoucherHolder, VoucherId, VoucherPhase, WantedLimit,
};

use super::board::{RouterSeen, VouchersSeen};
use super::login::{leaving_of, voucher_login};
use super::on_router::{VoucherLeaving, VoucherLogin, VouchersKept};
use super::speed::{self, ACTOR, Slowed, limit_of, slowed_since, subject_of};

/// A device that is being let in longer than that was left by a process that is gone.
const LEFT_US: u64 = 60_000_000;
/// What was seen longer ago says nothing of now.
const SEEN_US: u64 = 30_000_000;

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherKeeping {
    /// Who is to be in.
    pub wanted: Vec<VoucherLogin>,
    /// Who has to be off.
    pub leaving: Vec<VoucherLeaving>,
    /// When the next of them is over (our clock).
    pub next: Option<Micros>,
    /// Limits are wanted otherwise than before.
    pub limits_changed: bool,
    /// Devices are the router's that are not to be in: it is not free of vouchers yet.
    pub has_live: bool,
}

impl VoucherKeeping {
    /// The same where nobody is to be in: whoever is has to be off.
    #[must_use]
    pub fn left(self) -> VoucherKeeping {
        let VoucherKeeping { wanted, mut leaving, .. } = self;
        leaving
            .extend(wanted.into_iter().map(|VoucherLogin { login, mac, .. }| VoucherLeaving { login, mac }));
        VoucherKeeping { wanted: Vec::new(), leaving, next: None, ..self }
    }
}

/// What is to be done about a device.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Stays,
    /// It logged in then; before the voucher is used, its limit is wanted and seen.
    Slowed,
    /// It is in since then.
    Completed(Micros),
    /// It is in, and its router does not take its limit: why.
    Refused(String),
    TakenBack,
    PutOut,
    UsedUp,
}

/// Does what is due about a router's devices in the books, by what it showed.
/// `run`: this process ([`store::Node::run`]), which knows of its own devices that they are being let in.
pub async fn keep_voucher_devices(
    store: &dyn Store,
    (nas, run): (NasId, &str),
    router: RouterSeen<'_>,
    now: Micros,
) -> Result<VoucherKeeping, StoreError> {
    let seen = router.vouchers;
    let mut holders = store.voucher_devices(nas).await?;
    let moved = moved(store, &holders, seen).await?;
    let left = left(store, (nas, run), &holders).await?;
    let of = |holder: &VoucherHolder| moved.get(&holder.issued.voucher.id).copied().unwrap_or(0);
    let (mut is_changed, mut slowed) = (false, HashSet::new());
    for holder in &holders {
        let verdict = match judge(holder, (of(holder), left.contains(&holder.device.id)), seen, now) {
            Verdict::Completed(since) => match slowed_since(store, holder, since, (router, now)).await? {
                Slowed::Shown => Verdict::Completed(since),
                Slowed::Unknown => Verdict::Slowed,
                Slowed::Refused(why) => Verdict::Refused(why),
            },
            other => other,
        };
        is_changed |= !matches!(verdict, Verdict::Stays | Verdict::Slowed);
        if verdict == Verdict::Slowed {
            slowed.insert(holder.device.id);
        }
        carry_out(store, holder, verdict, now).await?;
    }
    if is_changed {
        holders = store.voucher_devices(nas).await?;
    }
    let wanted: Vec<VoucherLogin> =
        holders.iter().filter_map(|holder| voucher_login(holder, of(holder), now)).collect();
    let leaving = holders.iter().filter(|holder| voucher_login(holder, of(holder), now).is_none());
    let leaving = leaving.map(leaving_of).collect();
    let next = wanted.iter().filter(|who| who.is_in).filter_map(|who| who.until).min();
    let may_go = is_clear(&wanted, seen, now);
    let limits_changed = keep_limits(store, nas, (&holders, &slowed), may_go, now).await?;
    Ok(VoucherKeeping { wanted, leaving, next, limits_changed, has_live: !holders.is_empty() })
}

/// What the devices of each voucher with a quota moved: as the books have it, or as the router shows more of those who are in.
pub(super) async fn moved(
    store: &dyn Store,
    holders: &[VoucherHolder],
    seen: Option<&VouchersSeen>,
) -> Result<HashMap<VoucherId, u64>, StoreError> {
    let mut shown: BTreeMap<VoucherId, u64> = BTreeMap::new();
    for holder in holders.iter().filter(|holder| holder.issued.issue.terms.quota_octets.is_some()) {
        let kept = seen.and_then(|seen| seen.kept.as_ref().ok());
        let octets = kept.and_then(|kept| kept.of(&holder.device.login)).unwrap_or_default().octets;
        *shown.entry(holder.issued.voucher.id).or_default() += octets;
    }
    if shown.is_empty() {
        return Ok(HashMap::new());
    }
    let known = store.voucher_usage(shown.keys().copied().collect()).await?;
    Ok(shown.into_iter().zip(known).map(|((id, shown), known)| (id, shown.max(known.moved))).collect())
}

/// Whether so many octets are all that the voucher's devices may move.
pub(super) fn is_used_up(holder: &VoucherHolder, moved: u64) -> bool {
    holder.issued.issue.terms.quota_octets.is_some_and(|quota| moved >= quota)
}

/// Those that nobody lets in any more, though they are wanted: their process is gone.
async fn left(
    store: &dyn Store,
    (nas, run): (NasId, &str),
    holders: &[VoucherHolder],
) -> Result<Vec<VoucherDeviceId>, StoreError> {
    if holders.iter().all(|holder| holder.device.state != VoucherDeviceState::Wanted) {
        return Ok(Vec::new());
    }
    store.left_voucher_devices(nas, run.to_owned()).await
}

/// `moved`: what the voucher's devices moved; `is_nobodys`: whoever was letting it in is gone.
fn judge(
    holder: &VoucherHolder,
    (moved, is_nobodys): (u64, bool),
    seen: Option<&VouchersSeen>,
    now: Micros,
) -> Verdict {
    let VoucherHolder { issued, device } = holder;
    let fresh = seen.filter(|seen| now.0.abs_diff(seen.at.0) <= SEEN_US);
    let kept = fresh.and_then(|seen| Some((seen.at, seen.kept.as_ref().ok()?)));
    let is_off = kept.is_some_and(|kept| showed_off(device, kept));
    match (issued.voucher.phase(now), device.state) {
        (VoucherPhase::Running, _) if is_used_up(holder, moved) => Verdict::UsedUp,
        _ if device.leaving_at.is_some() => left_by_now(device, is_off, now),
        (VoucherPhase::Running | VoucherPhase::Unused, VoucherDeviceState::Wanted)
            if is_nobodys || is_left(device.wanted_at, now) =>
        {
            // What was seen before it was wanted says nothing of one that is not waited for.
            let since = kept.filter(|(at, _)| is_left(device.wanted_at, now) || *at >= device.wanted_at);
            match since.and_then(|(at, kept)| Some((at, kept.of(&device.login)?))) {
                Some((at, found)) => found.uptime_s.map_or(Verdict::TakenBack, |uptime_s| {
                    Verdict::Completed(Micros(
                        at.0.saturating_sub_unsigned(uptime_s.saturating_mul(1_000_000)),
                    ))
                }),
                None => Verdict::Stays,
            }
        }
        (VoucherPhase::Paused | VoucherPhase::Over | VoucherPhase::Revoked, VoucherDeviceState::Wanted)
            if is_off =>
        {
            Verdict::TakenBack
        }
        (VoucherPhase::Over | VoucherPhase::Revoked, VoucherDeviceState::In) if is_off => Verdict::PutOut,
        _ => Verdict::Stays,
    }
}

/// What the router showed before the device was in, or was to leave, says nothing of now.
fn showed_off(device: &VoucherDevice, (at, kept): (Micros, &VouchersKept)) -> bool {
    Some(at) >= device.in_at.max(device.leaving_at) && !kept.shown.contains(&device.login)
}

/// Its place is free when the router showed it off. What was asked of the router before that may be on its way for a while.
fn left_by_now(device: &VoucherDevice, is_off: bool, now: Micros) -> Verdict {
    match device.state {
        VoucherDeviceState::Wanted if is_off && is_left(device.wanted_at, now) => Verdict::TakenBack,
        VoucherDeviceState::In if is_off => Verdict::PutOut,
        _ => Verdict::Stays,
    }
}

/// A clock that was set back makes nobody wait.
fn is_left(wanted_at: Micros, now: Micros) -> bool {
    now.0.abs_diff(wanted_at.0) > LEFT_US
}

async fn carry_out(
    store: &dyn Store,
    holder: &VoucherHolder,
    verdict: Verdict,
    now: Micros,
) -> Result<(), StoreError> {
    let VoucherHolder { issued, device } = holder;
    let act = |action: &str| {
        let detail = json!({ "nas": device.nas.0, "mac": device.mac }).to_string();
        NewAudit { detail, ..NewAudit::by_system(now, action, &issued.voucher.code) }
    };
    match verdict {
        Verdict::Stays | Verdict::Slowed => {}
        Verdict::Refused(why) => {
            tracing::warn!(%why, voucher = issued.voucher.id.0, "a device is put off, for it cannot be limited as its voucher says");
            let detail = json!({ "nas": device.nas.0, "mac": device.mac, "why": why }).to_string();
            store.leave_voucher_device(device.id, NewAudit { detail, ..act("voucher.leave") }).await?;
        }
        Verdict::Completed(since) => {
            store.complete_voucher_device(device.id, since, act("voucher.activate")).await?;
        }
        Verdict::TakenBack => _ = store.take_back_voucher_device(device.id).await?,
        Verdict::PutOut => _ = store.put_out_voucher_device(device.id, act("voucher.out")).await?,
        Verdict::UsedUp => _ = store.use_up_voucher(issued.voucher.id, act("voucher.used_up")).await?,
    }
    Ok(())
}

/// Whether the router showed nobody lately who is not to be in: until then such a one would be as fast as the line without a queue.
fn is_clear(wanted: &[VoucherLogin], seen: Option<&VouchersSeen>, now: Micros) -> bool {
    let fresh = seen.filter(|seen| now.0.abs_diff(seen.at.0) <= SEEN_US);
    let kept = fresh.and_then(|seen| seen.kept.as_ref().ok());
    kept.is_some_and(|kept| kept.shown.iter().all(|login| wanted.iter().any(|who| who.login == *login)))
}

/// Limits of vouchers are wanted for those who are let in, as long as they are; what people set stays. Whether that changed something.
/// `slowed`: they are in, and were left before they were limited. `may_go`: nobody needs one any more who is not let in.
async fn keep_limits(
    store: &dyn Store,
    nas: NasId,
    (holders, slowed): (&[VoucherHolder], &HashSet<VoucherDeviceId>),
    may_go: bool,
    now: Micros,
) -> Result<bool, StoreError> {
    let good = |holder: &&VoucherHolder| {
        let phase = holder.issued.voucher.phase(now);
        holder.device.leaving_at.is_none() && matches!(phase, VoucherPhase::Running | VoucherPhase::Unused)
    };
    let live: HashMap<LimitSubject, &VoucherHolder> =
        holders.iter().filter(good).map(|holder| (subject_of(holder), holder)).collect();
    let there = store.limits(Some(nas)).await?;
    let mut is_changed = false;
    // A device that is in by a voucher without a speed keeps none of the one it was in by before.
    let needs_none = |holder: &&VoucherHolder| {
        holder.device.state == VoucherDeviceState::In && limit_of(holder, now).is_none()
    };
    let is_nobodys =
        |limit: &&WantedLimit| limit.set_by == ACTOR && live.get(&limit.subject).is_none_or(needs_none);
    for limit in there.iter().filter(|_| may_go).filter(is_nobodys) {
        let act = speed::act(now, "limit.remove", nas, &limit.subject.parts().1.escape_ascii().to_string());
        is_changed |= store.remove_limit(nas, limit.subject.clone(), act).await?.is_some();
    }
    for (subject, holder) in live {
        let is_in = holder.device.state == VoucherDeviceState::In || slowed.contains(&holder.device.id);
        let Some(wanted) = limit_of(holder, now).filter(|_| is_in) else { continue };
        let limit = there.iter().find(|limit| limit.subject == subject);
        if limit.is_none_or(|limit| limit.set_by == ACTOR && limit.rate != wanted.rate) {
            let act = speed::act(now, "limit.set", nas, &holder.device.mac);
            store.set_limit(wanted, act).await?;
            is_changed = true;
        }
    }
    Ok(is_changed)
}
