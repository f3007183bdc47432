//! Bandwidth Control: who moves how much, and how fast they may be.

use super::places::{Plan, plans};
use super::prompt::Desk;
use crate::failure::Failure;
use crate::output::rate;

const CHOICES: &str = "
Bandwidth Control
 1  Users with traffic
 2  Set limit
 3  Remove limit
 4  View all queues
 0  Back";
const MAC: &str = "MAC address of the device, like AA:BB:CC:DD:EE:FF:";

/// Asks and does until somebody goes back.
pub(super) async fn control(desk: &Desk<'_>) -> Result<(), Failure> {
    loop {
        match desk.choose(CHOICES)?.as_deref() {
            None | Some("0") => return Ok(()),
            Some("1") => desk.carry_out(&["hotspot", "--traffic"]).await?,
            Some("2") => set(desk).await?,
            Some("3") => remove(desk).await?,
            Some("4") => desk.carry_out(&["limit", "queues"]).await?,
            Some(other) => desk.no_choice(other),
        }
    }
}

async fn set(desk: &Desk<'_>) -> Result<(), Failure> {
    let Some(mac) = desk.need(MAC)? else { return Ok(()) };
    let Some(speeds) = speeds(desk).await? else { return Ok(()) };
    if !desk.says_yes(&format!("Limit {mac} with {}?", speeds.join(" ")))? {
        return Ok(());
    }
    let words = ["limit", "set", "--mac", &mac].into_iter().chain(speeds.iter().map(String::as_str));
    desk.carry_out(&words.collect::<Vec<_>>()).await
}

async fn remove(desk: &Desk<'_>) -> Result<(), Failure> {
    let Some(mac) = desk.need(MAC)? else { return Ok(()) };
    if !desk.says_yes(&format!("Remove the limit of {mac}?"))? {
        return Ok(());
    }
    desk.carry_out(&["limit", "remove", "--mac", &mac]).await
}

/// The speeds of a plan, or others, as words of the command.
async fn speeds(desk: &Desk<'_>) -> Result<Option<Vec<String>>, Failure> {
    let has_speed = |plan: &Plan| plan.rate_up_bps.is_some() || plan.rate_down_bps.is_some();
    let presets: Vec<Plan> = plans(desk).await.into_iter().filter(has_speed).collect();
    let mut named: Vec<String> = presets.iter().map(preset).collect();
    named.push("other speeds".to_owned());
    let Some(chosen) = desk.pick("Which speeds?", &named)? else { return Ok(None) };
    if let Some(plan) = presets.get(chosen) {
        return Ok(Some(vec!["--plan".to_owned(), plan.name.clone()]));
    }
    let Some(up) = desk.need("Upload, like 512K or 1M:")? else { return Ok(None) };
    let Some(down) = desk.need("Download, like 2M:")? else { return Ok(None) };
    Ok(Some(vec!["--up".to_owned(), up, "--down".to_owned(), down]))
}

fn preset(plan: &Plan) -> String {
    let speed = |bps: Option<u64>| bps.map_or_else(|| "free".to_owned(), rate);
    format!("{}: up {}, down {}", plan.name, speed(plan.rate_up_bps), speed(plan.rate_down_bps))
}
