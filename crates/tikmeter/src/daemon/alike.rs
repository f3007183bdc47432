//! What must be the same in all processes on a database: whichever of them is at work, a day begins when it does, and
//! passwords can be opened.

use jiff::tz::TimeZone;
use operations::{Vault, key_line};
use store::{Node, SeenNode, Store, ToldSettings};

use crate::failure::Failure;

/// A line each.
pub(super) fn settings(
    zone: &TimeZone,
    detail_months: Option<u16>,
    tells_events: bool,
    vault: &Vault,
) -> ToldSettings {
    let redis = if tells_events { "given" } else { "not given" };
    let zone = zone.iana_name().unwrap_or("of its own making");
    let months = detail_months.unwrap_or(0);
    let key = key_line(&vault.fingerprint());
    ToldSettings::new(format!(
        "server.zone = {zone}\nretention.detail_months = {months}\nredis.url = {redis}\n{key}"
    ))
}

/// Refuses to be another's neighbour with other settings.
///
/// # Errors
/// What differs, and from whose.
pub(super) async fn refuse_unlike(store: &dyn Store, node: &Node) -> Result<(), Failure> {
    if !store.is_shared() {
        return Ok(());
    }
    let others = store.nodes().await.map_err(Failure::from_display)?;
    complaint(node, &others).map_or(Ok(()), |complaint| Err(Failure::said(complaint)))
}

fn complaint(node: &Node, others: &[SeenNode]) -> Option<String> {
    let ours = node.settings.text();
    let others = others.iter().filter(|other| other.is_alive && other.name != node.name);
    others
        .flat_map(|other| ours.lines().zip(other.settings.lines()).map(move |pair| (other, pair)))
        .find(|(_, (ours, theirs))| ours != theirs)
        .map(|(other, (ours, theirs))| {
            format!(
                "this process has `{ours}`, and the process {} on the same database has `{theirs}`. It must be the same in both, \
                 so this one does not start; nothing was changed",
                other.name
            )
        })
}

#[cfg(test)]
mod tests {
    use store::NodeRole;

    use super::*;

    fn other(settings: &str, is_alive: bool) -> SeenNode {
        SeenNode {
            name: "east".to_owned(),
            role: NodeRole::Collector,
            settings: settings.to_owned(),
            silent_us: 0,
            is_alive,
            routers: 0,
        }
    }

    #[test]
    fn another_zone_or_key_is_refused_where_the_other_is_alive() {
        let vault = Vault::ephemeral();
        let told = |zone| settings(&TimeZone::get(zone).unwrap(), Some(13), true, &vault);
        let settings = |zone| told(zone).text();
        let node = Node { settings: told("Asia/Manila"), ..Node::new("west", NodeRole::Api) };
        assert_eq!(complaint(&node, &[other(&settings("Asia/Manila"), true)]), None);
        assert_eq!(complaint(&node, &[other(&settings("UTC"), false)]), None);
        let told = complaint(&node, &[other(&settings("UTC"), true)]).unwrap();
        assert!(told.contains("`server.zone = Asia/Manila`") && told.contains("east"), "{told}");
        let key = settings("Asia/Manila").replace(&vault.fingerprint(), "00000000");
        assert!(complaint(&node, &[other(&key, true)]).unwrap().contains("key file = "));
    }
}
