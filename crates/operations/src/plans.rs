//! Plans as people use them.

use serde_json::json;
use store::Plan;

use crate::checks::check_path_name;
use crate::error::OperationError;
use crate::operations::Operations;

impl Operations {
    /// All plans by name.
    pub async fn list_plans(&self) -> Result<Vec<Plan>, OperationError> {
        Ok(self.store.list_plans().await?)
    }

    /// Adds a plan.
    pub async fn add_plan(&self, actor: &str, plan: Plan) -> Result<Plan, OperationError> {
        check_path_name("plan's name", &plan.name)?;
        if plan.devices == 0 {
            return Err(OperationError::Invalid(
                "a plan must allow at least 1 device; nothing was changed".to_owned(),
            ));
        }
        let detail = json!({"devices": plan.devices, "rate_up_bps": plan.rate_up_bps,
            "rate_down_bps": plan.rate_down_bps, "quota_octets": plan.quota_octets});
        let act = self.act(actor, "plan.add", &plan.name, detail);
        self.store.insert_plan(plan.clone(), act).await?;
        Ok(plan)
    }
}
