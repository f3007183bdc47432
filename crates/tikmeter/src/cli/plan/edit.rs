//! `tikmeter plan edit`.

use reqwest::Method;
use serde_json::{Map, Value};
use store::PlanCycle;

use super::view::{Plan, table};
use crate::cli::caller::Caller;
use crate::cli::{patch, planned};
use crate::failure::Failure;
use crate::quantity;

/// What to change; flags left out leave their values as they are.
#[derive(Debug, clap::Args)]
pub(crate) struct EditArgs {
    /// The plan's name
    name: String,
    /// Its price, a decimal number in your currency; `none` = none
    #[arg(long, value_parser = price)]
    price: Option<String>,
    /// How long it lasts, for example 30d; `none` = nothing is said
    #[arg(long, value_parser = validity)]
    validity: Option<String>,
    /// How many devices may use it at once
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    devices: Option<u32>,
    /// Upload limit, for example 5M; `none` = not limited
    #[arg(long, value_name = "SPEED", value_parser = speed)]
    rate_up: Option<Setting>,
    /// Download limit, for example 20M; `none` = not limited
    #[arg(long, value_name = "SPEED", value_parser = speed)]
    rate_down: Option<Setting>,
    /// Volume of both directions in one cycle, for example 100G; `none` = not limited
    #[arg(long, value_name = "VOLUME", value_parser = volume)]
    quota: Option<Setting>,
    /// When the next cycle opens by itself: `renewal`, `every N days` or `day D`; open cycles go on until then
    #[arg(long, value_name = "CYCLE")]
    cycle: Option<PlanCycle>,
    /// Whether the speeds of its subscribers are set on the routers
    #[arg(long, value_name = "true|false")]
    sets_speed: Option<bool>,
    /// Show what would be sent to routers, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// A number, or the wish to have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Setting(Option<u64>);

fn price(text: &str) -> Result<String, String> {
    patch::or_none(text, quantity::price)
}

fn validity(text: &str) -> Result<String, String> {
    patch::or_none(text, quantity::validity)
}

fn speed(text: &str) -> Result<Setting, String> {
    if text == "none" { Ok(Setting(None)) } else { quantity::bps(text).map(|bps| Setting(Some(bps))) }
}

fn volume(text: &str) -> Result<Setting, String> {
    if text == "none" { Ok(Setting(None)) } else { quantity::octets(text).map(|count| Setting(Some(count))) }
}

impl EditArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let patch = self.patch();
        if patch.is_empty() {
            return Err(Failure::usage("nothing to change was given; see `tikmeter plan edit --help`"));
        }
        if self.dry_run {
            return planned::show(caller, self.thought(patch)).await;
        }
        let answer = caller.client.send(Method::PATCH, &["plans", &self.name], &patch).await?;
        caller.show(&answer, |plan: &Plan| table(std::slice::from_ref(plan)))
    }

    /// What of it is a matter of routers.
    fn thought(&self, mut patch: Map<String, Value>) -> Value {
        patch.retain(|name, _| ["rate_up_bps", "rate_down_bps", "sets_speed"].contains(&name.as_str()));
        patch.insert("act".to_owned(), "edit_plan".into());
        patch.insert("plan".to_owned(), self.name.as_str().into());
        patch.into()
    }

    fn patch(&self) -> Map<String, Value> {
        let number = |setting: Setting| setting.0.map_or(Value::Null, Value::from);
        let fields = [
            ("price", self.price.as_ref().map(patch::text)),
            ("validity", self.validity.as_ref().map(patch::text)),
            ("devices", self.devices.map(Value::from)),
            ("rate_up_bps", self.rate_up.map(number)),
            ("rate_down_bps", self.rate_down.map(number)),
            ("quota_octets", self.quota.map(number)),
            ("cycle", self.cycle.map(|cycle| Value::from(cycle.to_string()))),
            ("sets_speed", self.sets_speed.map(Value::from)),
        ];
        patch::given(fields)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        edit: EditArgs,
    }

    #[test]
    fn of_a_dry_run_that_is_asked_which_routers_are_told() {
        let words = ["x", "home", "--rate-up", "none", "--price", "5", "--dry-run"];
        let edit = Line::try_parse_from(words).unwrap().edit;
        assert_eq!(
            edit.thought(edit.patch()),
            json!({"act": "edit_plan", "plan": "home", "rate_up_bps": null})
        );
    }

    #[test]
    fn only_what_was_given_is_sent_and_none_is_null() {
        let words =
            ["x", "home", "--quota", "none", "--rate-up", "5M", "--cycle", "day 31", "--price", "none"];
        let patch = Line::try_parse_from(words).unwrap().edit.patch();
        assert_eq!(
            Value::from(patch),
            json!({"quota_octets": null, "rate_up_bps": 5_000_000, "cycle": "day 31", "price": null})
        );
        assert!(Line::try_parse_from(["x", "home", "--cycle", "monthly"]).is_err());
    }
}
