//! A plan's rates as a preset of a limit.

use store::RateLimit;

use super::acts::LimitRequest;
use crate::error::OperationError;
use crate::operations::Operations;

impl Operations {
    /// The same with the rates of its plan, where it names one; rates that were given hold. The limit does not follow the plan when
    /// that is edited.
    pub(super) async fn with_preset(&self, request: LimitRequest) -> Result<LimitRequest, OperationError> {
        let Some(name) = &request.plan else { return Ok(request) };
        let found = self.list_plans().await?.into_iter().find(|plan| plan.name == *name);
        let plan = found.ok_or_else(|| OperationError::Invalid(no_such_plan(name)))?;
        if plan.rate_up_bps.is_none() && plan.rate_down_bps.is_none() {
            return Err(OperationError::Invalid(no_rates(name)));
        }
        let rate = RateLimit {
            up_bps: request.rate.up_bps.or(plan.rate_up_bps),
            down_bps: request.rate.down_bps.or(plan.rate_down_bps),
        };
        Ok(LimitRequest { rate, ..request })
    }
}

fn no_such_plan(name: &str) -> String {
    format!(
        "there is no plan called {}; nothing was changed. List them with: tikmeter plan list",
        name.escape_debug()
    )
}

fn no_rates(name: &str) -> String {
    format!(
        "the plan {name} has no speeds; nothing was changed. Give it some with: tikmeter plan edit {name} --rate-up 5M --rate-down 20M"
    )
}
