//! What would be sent to routers if a plan, or somebody's plan, was another: by the same plans of queues as when it is.

use std::collections::{BTreeMap, HashSet};

use store::{Named, NasId, Plan, PlanPatch, PlanSpeed, RateLimit, SpeedsOf};

use super::kept::LimitChange;
use super::planned::{PlannedLimits, limits_of};
use crate::error::OperationError;
use crate::operations::Operations;
use crate::planning::RouterPlan;

impl Operations {
    /// If that plan was changed so; prices, quotas and cycles are no matter of routers.
    ///
    /// # Errors
    /// There is no such plan, or of the database.
    pub async fn plan_plan_edit(
        &self,
        name: &str,
        patch: PlanPatch,
    ) -> Result<Vec<RouterPlan>, OperationError> {
        let stored = self.plan(name).await?;
        let plan = Plan {
            rate_up_bps: patch.rate_up_bps.unwrap_or(stored.rate_up_bps),
            rate_down_bps: patch.rate_down_bps.unwrap_or(stored.rate_down_bps),
            sets_speed: patch.sets_speed.unwrap_or(stored.sets_speed),
            ..stored
        };
        self.plan_speeds(SpeedsOf::Plan(name.to_owned()), Some(plan)).await
    }

    /// If that subscriber was on the plan of that name, or on none.
    ///
    /// # Errors
    /// There is no such subscriber or plan, or of the database.
    pub async fn plan_subscriber_edit(
        &self,
        key: &str,
        plan: Option<&str>,
    ) -> Result<Vec<RouterPlan>, OperationError> {
        let username = self.stored_subscriber(key).await?.username;
        let plans = self.list_plans().await?;
        let find = |name: &str| {
            let found = plans.iter().find(|plan| plan.name == name).cloned();
            found.ok_or_else(|| OperationError::NoSuch(Named::Plan(name.to_owned())))
        };
        self.plan_speeds(SpeedsOf::Subscriber(username), plan.map(find).transpose()?).await
    }

    /// `plan`: as it would be.
    async fn plan_speeds(&self, of: SpeedsOf, plan: Option<Plan>) -> Result<Vec<RouterPlan>, OperationError> {
        let speed = plan.as_ref().and_then(speed_of);
        let name = plan.map(|plan| plan.name).unwrap_or_default();
        let theirs =
            self.store.plan_speeds_if(of, (name, speed.unwrap_or_default()), self.reach.clone()).await?;
        let now = self.store.plan_speeds_within(None, self.reach.clone()).await?;
        let mut then = without(now.clone(), &theirs);
        if speed.is_some() {
            then.extend(theirs);
            then.sort_by_key(|speed| (speed.nas, speed.since));
        }
        let mut changes = differing(&limits_of(now), limits_of(then));
        // What somebody set, or a voucher, goes before a plan.
        for limit in self.store.limits(None).await? {
            changes.remove(&(limit.nas, limit.subject));
        }
        let mut by_router: BTreeMap<NasId, Vec<LimitChange>> = BTreeMap::new();
        for ((nas, _), change) in changes {
            by_router.entry(nas).or_default().push(change);
        }
        let mut plans = Vec::with_capacity(by_router.len());
        for nas in self.store.list_nas().await? {
            let Some(changes) = by_router.remove(&nas.id) else { continue };
            let router = nas.config.name.clone();
            let kept = self.commands.keep_limits(nas, Some(LimitChange::All(changes)), true).await;
            plans.push(RouterPlan { router, commands: kept.map(|kept| kept.commands) });
        }
        Ok(plans)
    }
}

/// How fast a plan makes its subscribers on the routers; `None`: it does not.
fn speed_of(plan: &Plan) -> Option<RateLimit> {
    let rate = RateLimit { up_bps: plan.rate_up_bps, down_bps: plan.rate_down_bps };
    (plan.sets_speed && rate != RateLimit::default()).then_some(rate)
}

/// Those of other sessions.
fn without(mut speeds: Vec<PlanSpeed>, others: &[PlanSpeed]) -> Vec<PlanSpeed> {
    type Session<'a> = (NasId, &'a [u8], &'a [u8], i64);
    fn session(speed: &PlanSpeed) -> Session<'_> {
        (speed.nas, &*speed.login.name, &*speed.caller, speed.since.0)
    }
    let others: HashSet<Session<'_>> = others.iter().map(session).collect();
    speeds.retain(|speed| !others.contains(&session(speed)));
    speeds
}

/// What of the first is to be otherwise.
fn differing(
    now: &PlannedLimits,
    then: PlannedLimits,
) -> BTreeMap<(NasId, store::LimitSubject), LimitChange> {
    let gone = now.keys().filter(|key| !then.contains_key(key));
    let mut changes: BTreeMap<_, _> =
        gone.map(|key| (key.clone(), LimitChange::Remove(key.1.clone()))).collect();
    let is_new =
        |(key, limit): &(_, store::WantedLimit)| now.get(key).is_none_or(|now| now.rate != limit.rate);
    changes.extend(then.into_iter().filter(is_new).map(|(key, limit)| (key, LimitChange::Set(limit))));
    changes
}
