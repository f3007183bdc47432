//! What is wanted of routers: the limits that somebody set, and for everybody else the speeds of their plans, where the plan says
//! that they are set. A limit that somebody set, or a voucher, goes before the plan; when it ends the plan's speed is wanted again.

use std::collections::{BTreeMap, HashSet};

use accounting::login::LoginKind;
use accounting::standing::counter_of_login;
use accounting::table::Table;
use store::{LimitSubject, LimitUntil, NasId, PlanSpeed, Reach, Store, StoreError, WantedLimit};

/// Limits by the router and whom they are for.
pub(super) type PlannedLimits = BTreeMap<(NasId, LimitSubject), WantedLimit>;

/// Every limit that is wanted, of one router or of all, in the order of routers and subjects.
///
/// # Errors
/// Of the database.
pub async fn wanted_limits(store: &dyn Store, nas: Option<NasId>) -> Result<Vec<WantedLimit>, StoreError> {
    let mut wanted = store.limits(nas).await?;
    let planned = planned_limits(store, nas, Reach::Everywhere).await?;
    if planned.is_empty() {
        return Ok(wanted);
    }
    let set: HashSet<_> = wanted.iter().map(|limit| (limit.nas, limit.subject.clone())).collect();
    wanted.extend(planned.into_values().filter(|limit| !set.contains(&(limit.nas, limit.subject.clone()))));
    wanted.sort_by(|one, other| (one.nas, &one.subject).cmp(&(other.nas, &other.subject)));
    Ok(wanted)
}

/// The speeds of plans, of those who are connected to routers that are reached.
pub(super) async fn planned_limits(
    store: &dyn Store,
    nas: Option<NasId>,
    reach: Reach,
) -> Result<PlannedLimits, StoreError> {
    Ok(limits_of(store.plan_speeds_within(nas, reach).await?))
}

/// What they are on the routers. Of two on one device the one who came later has it.
pub(super) fn limits_of(speeds: Vec<PlanSpeed>) -> PlannedLimits {
    let of = |speed: PlanSpeed| Some(((speed.nas, subject(&speed)?), speed));
    speeds.into_iter().filter_map(of).map(wanted).collect()
}

fn wanted(
    ((nas, subject), speed): ((NasId, LimitSubject), PlanSpeed),
) -> ((NasId, LimitSubject), WantedLimit) {
    let limit = WantedLimit {
        nas,
        subject: subject.clone(),
        rate: speed.rate,
        until: LimitUntil::Removed,
        set_by: format!("plan {}", speed.plan),
        set_at: speed.since,
    };
    ((nas, subject), limit)
}

/// Whom a queue of ours can slow. A device that the hotspot lets through without a login has none; somebody who is counted by a
/// queue passes that one first (DESIGN rule 8).
fn subject(speed: &PlanSpeed) -> Option<LimitSubject> {
    match speed.login.kind {
        LoginKind::Ppp => Some(LimitSubject::Ppp(speed.login.name.to_vec())),
        LoginKind::Hotspot if speed.login.name.starts_with(b"mac:") => None,
        LoginKind::Hotspot => Some(LimitSubject::Device(speed.caller.to_ascii_uppercase())),
        LoginKind::StaticIp => match counter_of_login(&speed.login)? {
            (Table::Facing, name) => Some(LimitSubject::Interface(name.to_vec())),
            _ => None,
        },
    }
}
