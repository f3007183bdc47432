//! `tikmeter plan ...`: what a subscriber may buy.

use clap::Subcommand;
use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, octets, printable, rate};
use crate::quantity;

/// What can be done with plans.
#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Add a plan
    Add(AddArgs),
    /// List the plans
    List,
}

/// A new plan.
#[derive(Debug, clap::Args)]
pub(crate) struct AddArgs {
    /// Its name
    name: String,
    /// Its price, a decimal number in your currency
    #[arg(long)]
    price: Option<String>,
    /// How long it lasts, for example 30d
    #[arg(long)]
    validity: Option<String>,
    /// How many devices may use it at once
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    devices: u32,
    /// Upload limit, for example 5M
    #[arg(long, value_name = "SPEED", value_parser = quantity::bps)]
    rate_up: Option<u64>,
    /// Download limit, for example 20M
    #[arg(long, value_name = "SPEED", value_parser = quantity::bps)]
    rate_down: Option<u64>,
    /// Volume of both directions in one cycle, for example 100G
    #[arg(long, value_name = "VOLUME", value_parser = quantity::octets)]
    quota: Option<u64>,
}

#[derive(Deserialize)]
struct Plan {
    name: String,
    price: Option<String>,
    validity: Option<String>,
    devices: u32,
    rate_up_bps: Option<u64>,
    rate_down_bps: Option<u64>,
    quota_octets: Option<u64>,
}

impl PlanCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            PlanCommand::Add(args) => args.run(caller).await,
            PlanCommand::List => {
                let answer = caller.client.get(&["plans"], &[]).await?;
                caller.show(&answer, |page: &Page<Plan>| table(&page.items))
            }
        }
    }
}

impl AddArgs {
    async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let plan = json!({
            "name": self.name,
            "price": self.price,
            "validity": self.validity,
            "devices": self.devices,
            "rate_up_bps": self.rate_up,
            "rate_down_bps": self.rate_down,
            "quota_octets": self.quota,
        });
        caller.add(&["plans"], &plan, |plan: &Plan| format!("Plan {} is added.", printable(&plan.name))).await
    }
}

fn table(plans: &[Plan]) -> String {
    if plans.is_empty() {
        return "No plans yet. Add one: tikmeter plan add NAME --rate-down 20M --rate-up 5M".to_owned();
    }
    let mut table = Table::new(&["plan", ">price", "validity", ">devices", ">up", ">down", ">quota"]);
    for plan in plans {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let figure =
            |value: Option<u64>, shown: fn(u64) -> String| value.map_or_else(|| "-".to_owned(), shown);
        table.row([
            plan.name.clone(),
            text(&plan.price),
            text(&plan.validity),
            plan.devices.to_string(),
            figure(plan.rate_up_bps, rate),
            figure(plan.rate_down_bps, rate),
            figure(plan.quota_octets, octets),
        ]);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_quota_are_decimal_and_what_is_not_limited_is_a_dash() {
        let plan = json!({"name": "home", "price": "350", "validity": "30d", "devices": 1, "rate_up_bps": null,
            "rate_down_bps": 20_000_000, "quota_octets": 100_000_000_000_u64});
        let text = table(&[serde_json::from_value(plan).unwrap()]);
        let cells: Vec<_> = text.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(cells, ["home", "350", "30d", "1", "-", "20.00", "Mbps", "100.0", "GB"]);
    }
}
