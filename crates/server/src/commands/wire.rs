//! What the commands ask and answer, as JSON between two processes of one version.

use accounting::table::Table;
use accounting::time::Micros;
use operations::{CHECK_ITEMS, CHECK_STATES, Check, CounterLook, ReadNow};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// Kinds of commands.
pub(super) const READ_NOW: &str = "read_now";
pub(super) const CHECK_UP: &str = "check_up";
pub(super) const LOOK_AT_COUNTERS: &str = "look_at_counters";
pub(super) const DISCONNECT: &str = "disconnect";
pub(super) const PLAN_DISCONNECT: &str = "plan_disconnect";
pub(super) const KEEP_LIMITS: &str = "keep_limits";
pub(super) const PLAN_LIMITS: &str = "plan_limits";
pub(super) const ADMIT_DEVICE: &str = "admit_device";
pub(super) const KEEP_VOUCHERS: &str = "keep_vouchers";
pub(super) const LOOK_AT_VOUCHER_USERS: &str = "look_at_voucher_users";
pub(super) const PLAN_CHANGE: &str = "plan_change";
pub(super) const LOOK_AT_TRAFFIC: &str = "look_at_traffic";
pub(super) const HOTSPOT_HOSTS: &str = "hotspot_hosts";
pub(super) const LIST_QUEUES: &str = "list_queues";
pub(super) const DIAGNOSE: &str = "diagnose";
pub(super) const RELOAD: &str = "reload";

/// Kinds that change nothing and that pages ask again and again.
pub(super) const QUESTIONS: [&str; 2] = [LOOK_AT_TRAFFIC, HOTSPOT_HOSTS];

pub(super) fn of_reading(read: ReadNow) -> Json {
    json!({ "poll_seq": read.poll_seq, "at_us": read.at.0 })
}

pub(super) fn reading(value: &Json) -> Option<ReadNow> {
    Some(ReadNow { poll_seq: value["poll_seq"].as_u64()?, at: Micros(value["at_us"].as_i64()?) })
}

pub(super) fn of_checks(checks: &[Check]) -> Json {
    let one = |check: &Check| {
        let refused = check.refused.map(|fingerprint| fingerprint.to_string());
        json!([check.item.as_str(), check.state.as_str(), check.told, refused])
    };
    checks.iter().map(one).collect()
}

pub(super) fn checks(value: &Json) -> Option<Vec<Check>> {
    let one = |value: &Json| {
        let (item, state) = (value[0].as_str()?, value[1].as_str()?);
        Some(Check {
            item: CHECK_ITEMS.iter().find(|(_, name)| *name == item)?.0,
            state: CHECK_STATES.iter().find(|(_, name)| *name == state)?.0,
            told: value[2].as_str()?.to_owned(),
            refused: value[3].as_str().map(str::parse).transpose().ok()?,
        })
    };
    value.as_array()?.iter().map(one).collect()
}

pub(super) fn of_counters(counters: &[(Table, Vec<u8>)]) -> Json {
    counters.iter().map(|(table, name)| json!([table.source(), name])).collect()
}

pub(super) fn counters(value: &Json) -> Option<Vec<(Table, Vec<u8>)>> {
    let one = |value: &Json| {
        let (source, name): (String, Vec<u8>) = serde_json::from_value(value.clone()).ok()?;
        Some((Table::ALL.into_iter().find(|table| table.source() == source)?, name))
    };
    value.as_array()?.iter().map(one).collect()
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Look {
    Fit,
    NotThere,
    OfSessions,
    CarriesSessions,
    WithinQueue(Vec<u8>),
    HoldsQueue(Vec<u8>),
    SharesTarget(Vec<u8>),
    OnInterface(Vec<u8>),
    PassesQueue(Vec<u8>),
}

pub(super) fn of_looks(looks: Vec<CounterLook>) -> Json {
    let one = |look| match look {
        CounterLook::Fit => Look::Fit,
        CounterLook::NotThere => Look::NotThere,
        CounterLook::OfSessions => Look::OfSessions,
        CounterLook::CarriesSessions => Look::CarriesSessions,
        CounterLook::WithinQueue(name) => Look::WithinQueue(name),
        CounterLook::HoldsQueue(name) => Look::HoldsQueue(name),
        CounterLook::SharesTarget(name) => Look::SharesTarget(name),
        CounterLook::OnInterface(name) => Look::OnInterface(name),
        CounterLook::PassesQueue(name) => Look::PassesQueue(name),
    };
    let looks: Vec<Look> = looks.into_iter().map(one).collect();
    serde_json::to_value(looks).expect("plain names and numbers are always JSON")
}

pub(super) fn looks(value: &Json) -> Option<Vec<CounterLook>> {
    let one = |look| match look {
        Look::Fit => CounterLook::Fit,
        Look::NotThere => CounterLook::NotThere,
        Look::OfSessions => CounterLook::OfSessions,
        Look::CarriesSessions => CounterLook::CarriesSessions,
        Look::WithinQueue(name) => CounterLook::WithinQueue(name),
        Look::HoldsQueue(name) => CounterLook::HoldsQueue(name),
        Look::SharesTarget(name) => CounterLook::SharesTarget(name),
        Look::OnInterface(name) => CounterLook::OnInterface(name),
        Look::PassesQueue(name) => CounterLook::PassesQueue(name),
    };
    let looks: Vec<Look> = serde_json::from_value(value.clone()).ok()?;
    Some(looks.into_iter().map(one).collect())
}
