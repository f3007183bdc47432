//! Making vouchers of a plan.

use super::places::{Plan, plans};
use super::prompt::Desk;
use crate::failure::Failure;

/// Asks for a plan and how many, and makes them.
pub(super) async fn generate(desk: &Desk<'_>) -> Result<(), Failure> {
    let plans: Vec<Plan> = plans(desk).await.into_iter().filter(|plan| plan.validity.is_some()).collect();
    if plans.is_empty() {
        desk.caller
            .terminal
            .remark("No plan says how long it lasts. Add one: tikmeter plan add NAME --validity 1h");
        return Ok(());
    }
    let named: Vec<String> = plans.iter().map(told).collect();
    let Some(chosen) = desk.pick("Which plan?", &named)? else { return Ok(()) };
    let Some(count) = desk.need("How many?")? else { return Ok(()) };
    desk.carry_out(&["voucher", "create", &count, "--plan", &plans[chosen].name]).await
}

fn told(plan: &Plan) -> String {
    let price = plan.price.as_deref().unwrap_or("no price");
    format!("{}: {price}, {}", plan.name, plan.validity.as_deref().unwrap_or_default())
}
