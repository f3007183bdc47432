//! `tikmeter plan export`: the plans as a file of profiles.

use operations::limit_text;
use serde::Serialize;

use super::view::Plan;
use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;

/// A profile as the piso-net tool wrote it. What a plan does not say is left out.
#[derive(Serialize)]
struct Profile<'p> {
    name: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validity: Option<&'p str>,
    users: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_up: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_down: Option<String>,
}

/// Prints it.
///
/// # Errors
/// One sentence.
pub(super) async fn run(caller: &Caller) -> Result<(), Failure> {
    let answer = caller.client.get(&["plans"], &[]).await?;
    let page: Page<Plan> = answer.read()?;
    caller.note_simulated(answer.simulated);
    Ok(caller.terminal.line(&file(&page.items)?)?)
}

fn file(plans: &[Plan]) -> Result<String, Failure> {
    let profiles: Vec<_> = plans.iter().map(profile).collect();
    serde_json::to_string_pretty(&profiles).map_err(Failure::from_display)
}

fn profile(plan: &Plan) -> Profile<'_> {
    Profile {
        name: &plan.name,
        price: plan.price.as_deref(),
        validity: plan.validity.as_deref(),
        users: plan.devices,
        rate_up: plan.rate_up_bps.map(limit_text),
        rate_down: plan.rate_down_bps.map(limit_text),
    }
}

#[cfg(test)]
mod tests {
    use operations::parse_profiles;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_exported_is_read_as_it_was() {
        let plans = json!([
            {"name": "BASIC", "price": "5", "validity": "1h", "devices": 2, "rate_up_bps": 1_500_000,
                "rate_down_bps": 2_000_000, "quota_octets": null, "cycle": "renewal", "sets_speed": false},
            {"name": "odd", "price": null, "validity": null, "devices": 1, "rate_up_bps": 512_001,
                "rate_down_bps": null, "quota_octets": null, "cycle": "renewal", "sets_speed": false},
        ]);
        let plans: Vec<Plan> = serde_json::from_value(plans).unwrap();
        let text = file(&plans).unwrap();
        assert!(text.contains(r#""rate_up": "1500K""#) && text.contains(r#""rate_down": "2M""#), "{text}");
        let read = parse_profiles(text.as_bytes()).unwrap();
        assert_eq!((read[0].devices, read[0].rate_up_bps), (2, Some(1_500_000)));
        assert_eq!(
            (read[1].price.clone(), read[1].rate_up_bps, read[1].rate_down_bps),
            (None, Some(512_001), None)
        );
    }
}
