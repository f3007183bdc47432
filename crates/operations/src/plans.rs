//! Plans as people use them.

use serde_json::{Map, Value, json};
use store::{NewAudit, Plan, PlanPatch};

use crate::checks::check_path_name;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::plan_values::{check_price, check_validity};
use crate::unlike::unlike;

impl Operations {
    /// All plans by name.
    pub async fn list_plans(&self) -> Result<Vec<Plan>, OperationError> {
        Ok(self.store.list_plans().await?)
    }

    /// Adds a plan.
    pub async fn add_plan(&self, actor: &str, plan: Plan) -> Result<Plan, OperationError> {
        check_plan(&plan)?;
        self.store.insert_plan(plan.clone(), self.add_act(actor, &plan)).await?;
        Ok(plan)
    }

    /// What is written into the journal when it is added.
    pub(crate) fn add_act(&self, actor: &str, plan: &Plan) -> NewAudit {
        let detail = json!({"devices": plan.devices, "rate_up_bps": plan.rate_up_bps,
            "rate_down_bps": plan.rate_down_bps, "quota_octets": plan.quota_octets,
            "cycle": plan.cycle.to_string(), "sets_speed": plan.sets_speed});
        self.act(actor, "plan.add", &plan.name, detail)
    }

    /// Changes a plan. Another cycle decides when the next cycle of each of its subscribers opens; open ones go on. What
    /// changes nothing leaves no trace.
    pub async fn edit_plan(&self, actor: &str, name: &str, patch: PlanPatch) -> Result<Plan, OperationError> {
        patch.devices.map_or(Ok(()), check_devices)?;
        let given = |value: &'_ Option<Option<String>>| value.clone().flatten();
        check_values(given(&patch.price).as_deref(), given(&patch.validity).as_deref())?;
        let stored = self.plan(name).await?;
        let change = differing(&stored, patch);
        let detail = changed_fields(&change);
        if detail.is_empty() {
            return Ok(stored);
        }
        let act = self.act(actor, "plan.edit", name, detail.into());
        Ok(self.store.update_plan(name, change, act).await?)
    }

    /// The plan of that name.
    pub(crate) async fn plan(&self, name: &str) -> Result<Plan, OperationError> {
        let found = self.list_plans().await?.into_iter().find(|plan| plan.name == name);
        found.ok_or_else(|| {
            OperationError::NotFound(format!(
                "there is no plan called {name}; nothing was changed. List them with: tikmeter plan list"
            ))
        })
    }
}

/// Refuses a plan that cannot be kept or bought.
pub(crate) fn check_plan(plan: &Plan) -> Result<(), OperationError> {
    check_path_name("plan's name", &plan.name)?;
    check_devices(plan.devices)?;
    check_values(plan.price.as_deref(), plan.validity.as_deref())
}

fn check_values(price: Option<&str>, validity: Option<&str>) -> Result<(), OperationError> {
    price.map_or(Ok(()), check_price)?;
    validity.map_or(Ok(()), check_validity)
}

fn check_devices(devices: u32) -> Result<(), OperationError> {
    match devices {
        0 => Err(OperationError::Invalid(
            "a plan must allow at least 1 device; nothing was changed".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// The change without what is stored so already.
fn differing(stored: &Plan, patch: PlanPatch) -> PlanPatch {
    PlanPatch {
        price: unlike(patch.price, &stored.price),
        validity: unlike(patch.validity, &stored.validity),
        devices: unlike(patch.devices, &stored.devices),
        rate_up_bps: unlike(patch.rate_up_bps, &stored.rate_up_bps),
        rate_down_bps: unlike(patch.rate_down_bps, &stored.rate_down_bps),
        quota_octets: unlike(patch.quota_octets, &stored.quota_octets),
        cycle: unlike(patch.cycle, &stored.cycle),
        sets_speed: unlike(patch.sets_speed, &stored.sets_speed),
    }
}

fn changed_fields(patch: &PlanPatch) -> Map<String, Value> {
    let fields = [
        ("price", patch.price.as_ref().map(|value| json!(value))),
        ("validity", patch.validity.as_ref().map(|value| json!(value))),
        ("devices", patch.devices.map(|value| json!(value))),
        ("rate_up_bps", patch.rate_up_bps.map(|value| json!(value))),
        ("rate_down_bps", patch.rate_down_bps.map(|value| json!(value))),
        ("quota_octets", patch.quota_octets.map(|value| json!(value))),
        ("cycle", patch.cycle.map(|value| json!(value.to_string()))),
        ("sets_speed", patch.sets_speed.map(|value| json!(value))),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
