//! Plans, each with the speeds of its bandwidth.

use std::collections::HashMap;

use serde::Serialize;

use crate::cli::import::left::Left;

use super::dump::Row;
use super::tables::{Tables, number, value};

/// Days in what PHPNuxBill calls a month of a validity.
const DAYS_OF_A_MONTH: u64 = 30;

/// A plan as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Plan {
    pub(super) name: String,
    price: Option<String>,
    validity: Option<String>,
    devices: u32,
    rate_up_bps: Option<u64>,
    rate_down_bps: Option<u64>,
    quota_octets: Option<u64>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Plans {
    pub(super) all: Vec<Plan>,
    /// What each is called here, by its number there.
    names: HashMap<String, String>,
}

impl Plans {
    pub(super) fn of(tables: &Tables, left: &mut Left) -> Plans {
        let mut plans = Plans::default();
        for row in tables.plans() {
            let (id, name) = (value(row, "id"), value(row, "name_plan").trim());
            let kind = value(row, "type");
            if !["hotspot", "pppoe"].contains(&kind.to_ascii_lowercase().as_str()) {
                left.note(
                    format!("the plan {name}"),
                    format!("it is of the type {kind}, which is nothing to be on here"),
                );
                continue;
            }
            plans.add(id, plan(name, row, tables, left), row, left);
        }
        plans
    }

    /// Two that differ and are called the same get names of their own.
    fn add(&mut self, id: &str, plan: Plan, row: &Row, left: &mut Left) {
        let taken = |name: &str, all: &[Plan]| all.iter().any(|other| other.name == name);
        if self.all.contains(&plan) {
            self.names.insert(id.to_owned(), plan.name);
            return;
        }
        let mut name = plan.name.clone();
        if taken(&name, &self.all) {
            name = named(&format!("{} {}", plan.name, value(row, "routers")));
        }
        if taken(&name, &self.all) {
            name = format!("{} {id}", plan.name);
        }
        if name != value(row, "name_plan").trim() {
            left.note(
                format!("the name {}", value(row, "name_plan")),
                format!("the plan is called {name} here"),
            );
        }
        self.names.insert(id.to_owned(), name.clone());
        self.all.push(Plan { name, ..plan });
    }

    /// What the plan of that number there is called here.
    pub(super) fn name(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }
}

fn plan(name: &str, row: &Row, tables: &Tables, left: &mut Left) -> Plan {
    let whose = format!("the plan {name}");
    let bandwidth = tables.bandwidths().iter().find(|bw| value(bw, "id") == value(row, "id_bw"));
    let rate = |which: &str| bandwidth.and_then(|bw| rate(bw, which));
    if bandwidth.is_some_and(|bw| !value(bw, "burst").trim().is_empty()) {
        left.note(whose.clone(), "its burst is not taken".to_owned());
    }
    if value(row, "typebp") == "Limited" && value(row, "limit_type") != "Data_Limit" {
        left.note(whose.clone(), "its limit of hours online is not taken".to_owned());
    }
    let price = value(row, "price").trim();
    let priced = operations::check_price(price).is_ok();
    if !priced && !price.is_empty() {
        left.note(whose.clone(), format!("its price \"{}\" is no number", price.escape_debug()));
    }
    let validity = validity(row).filter(|validity| operations::check_validity(validity).is_ok());
    if validity.is_none() {
        let given = format!("{} {}", value(row, "validity"), value(row, "validity_unit"));
        left.note(whose, format!("its validity \"{}\" is not taken", given.escape_debug()));
    }
    Plan {
        name: named(name),
        price: priced.then(|| price.to_owned()),
        validity,
        devices: number(row, "shared_users").and_then(|users| users.try_into().ok()).unwrap_or(1).max(1),
        rate_up_bps: rate("rate_up"),
        rate_down_bps: rate("rate_down"),
        quota_octets: quota(row),
    }
}

/// A name that can be one step of a path.
fn named(name: &str) -> String {
    name.trim().replace('/', "-")
}

/// 0 is no limit.
fn rate(bandwidth: &Row, which: &str) -> Option<u64> {
    let factor = match value(bandwidth, &format!("{which}_unit")) {
        "Kbps" => 1_000,
        "Mbps" => 1_000_000,
        _ => return None,
    };
    number(bandwidth, which)?.checked_mul(factor).filter(|bps| *bps > 0)
}

fn validity(row: &Row) -> Option<String> {
    let count = number(row, "validity")?;
    match value(row, "validity_unit") {
        "Mins" => Some(format!("{count}m")),
        "Hrs" => Some(format!("{count}h")),
        "Days" => Some(format!("{count}d")),
        "Months" => Some(format!("{}d", count.checked_mul(DAYS_OF_A_MONTH)?)),
        _ => None,
    }
}

/// A plan that is limited by data; its megabytes are millions.
fn quota(row: &Row) -> Option<u64> {
    let limited = value(row, "typebp") == "Limited" && value(row, "limit_type") != "Time_Limit";
    let factor = match value(row, "data_unit") {
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    limited.then(|| number(row, "data_limit")).flatten()?.checked_mul(factor).filter(|octets| *octets > 0)
}
