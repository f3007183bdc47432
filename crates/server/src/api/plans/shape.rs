//! A plan towards clients.

use crate::api::model::plan::Plan;

pub(super) fn plan(plan: store::Plan) -> Plan {
    Plan {
        name: plan.name,
        price: plan.price,
        validity: plan.validity,
        devices: plan.devices,
        rate_up_bps: plan.rate_up_bps,
        rate_down_bps: plan.rate_down_bps,
        quota_octets: plan.quota_octets,
        cycle: plan.cycle.to_string(),
        sets_speed: plan.sets_speed,
    }
}
