//! `tikmeter plan ...`: what a subscriber may buy.

mod edit;
mod export;
mod profiles;
mod view;

use clap::Subcommand;
use serde_json::json;
use store::PlanCycle;

use self::edit::EditArgs;
use self::view::{Plan, table};
use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::printable;
use crate::quantity;

/// What can be done with plans.
#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Add a plan
    Add(AddArgs),
    /// Change a plan
    Edit(EditArgs),
    /// List the plans
    List,
    /// How the file of profiles stands that gives plans, and what was changed by hand since
    Profiles,
    /// Print the plans as a file of profiles
    Export,
}

/// A new plan.
#[derive(Debug, clap::Args)]
pub(crate) struct AddArgs {
    /// Its name
    name: String,
    /// Its price, a decimal number in your currency
    #[arg(long, value_parser = quantity::price)]
    price: Option<String>,
    /// How long it lasts, for example 30d
    #[arg(long, value_parser = quantity::validity)]
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
    /// When the next cycle opens by itself: `renewal` (never), `every N days`, or `day D` of the month (the last day of
    /// shorter ones)
    #[arg(long, value_name = "CYCLE", default_value_t = PlanCycle::Renewal)]
    cycle: PlanCycle,
    /// Set the speeds of its subscribers on the routers; leave it off where profiles or RADIUS do that already
    #[arg(long)]
    sets_speed: bool,
}

impl PlanCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            PlanCommand::Add(args) => args.run(caller).await,
            PlanCommand::Edit(args) => args.run(caller).await,
            PlanCommand::Profiles => profiles::run(caller).await,
            PlanCommand::Export => export::run(caller).await,
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
            "cycle": self.cycle.to_string(),
            "sets_speed": self.sets_speed,
        });
        caller.add(&["plans"], &plan, |plan: &Plan| format!("Plan {} is added.", printable(&plan.name))).await
    }
}
