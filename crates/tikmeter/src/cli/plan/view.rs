//! Plans for people.

use serde::Deserialize;

use crate::output::{Table, octets, rate};

/// A plan as the server tells it.
#[derive(Deserialize)]
pub(super) struct Plan {
    /// Its name.
    pub(super) name: String,
    /// Its price.
    pub(super) price: Option<String>,
    /// How long it lasts.
    pub(super) validity: Option<String>,
    /// Devices that may use it at once.
    pub(super) devices: u32,
    /// Upload limit, bits per second.
    pub(super) rate_up_bps: Option<u64>,
    /// Download limit, bits per second.
    pub(super) rate_down_bps: Option<u64>,
    quota_octets: Option<u64>,
    cycle: String,
    sets_speed: bool,
}

/// A table of plans.
pub(super) fn table(plans: &[Plan]) -> String {
    if plans.is_empty() {
        return "No plans yet. Add one: tikmeter plan add NAME --rate-down 20M --rate-up 5M".to_owned();
    }
    let mut table = Table::new(&[
        "plan",
        ">price",
        "validity",
        ">devices",
        ">up",
        ">down",
        ">quota",
        "cycle",
        "sets speed",
    ]);
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
            plan.cycle.clone(),
            if plan.sets_speed { "yes" } else { "-" }.to_owned(),
        ]);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rates_and_quota_are_decimal_and_what_is_not_limited_is_a_dash() {
        let plan = json!({"name": "home", "price": "350", "validity": "30d", "devices": 1, "rate_up_bps": null,
            "rate_down_bps": 20_000_000, "quota_octets": 100_000_000_000_u64, "cycle": "day 31", "sets_speed": true});
        let text = table(&[serde_json::from_value(plan).unwrap()]);
        let cells: Vec<_> = text.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(
            cells,
            ["home", "350", "30d", "1", "-", "20.00", "Mbps", "100.0", "GB", "day", "31", "yes"]
        );
    }
}
