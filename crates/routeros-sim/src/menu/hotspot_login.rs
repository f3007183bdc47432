//! `/ip/hotspot/active/login`: an admin logs a device in (routeros.md §2.8).

use std::net::Ipv4Addr;

use routeros_proto::Request;

use super::answer::Complaint;
use super::schema::expected;
use crate::world::{HotspotRefusals, NO_ITEM, Refusal, World};

const ARGUMENTS: [&[u8]; 5] = [b"ip", b"mac-address", b"user", b"password", b"domain"];
/// What routers say of many things that went wrong (routeros.md §1.4).
const ACTION_FAILED: &str = "action failed (6)";

/// What is refused changes nothing.
pub(super) fn log_in(world: &mut World, request: &Request<'_>) -> Result<(), Complaint> {
    if let Some((name, _)) = request.attributes().find(|(name, _)| !ARGUMENTS.contains(name)) {
        return Err((None, format!("unknown parameter {}", name.escape_ascii())));
    }
    let user = request.get(b"user").ok_or_else(|| (None, "missing =user=".to_owned()))?;
    let address = request.get(b"ip").map(address).transpose()?;
    // What is said of a device that is not in sight is not established.
    let host = world.host_in_sight(address, request.get(b"mac-address"));
    let host = host.ok_or_else(|| (None, NO_ITEM.to_owned()))?;
    let password = request.get(b"password").unwrap_or_default();
    world.log_host_in(host, user, password).map_err(|refusal| refused(world, refusal, user))
}

fn address(value: &[u8]) -> Result<u32, Complaint> {
    let address = std::str::from_utf8(value).ok().and_then(|text| text.parse::<Ipv4Addr>().ok());
    address.map(Ipv4Addr::to_bits).ok_or_else(|| expected("ip"))
}

fn refused(world: &World, refusal: Refusal, user: &[u8]) -> Complaint {
    match world.device.switches.hotspot_refusals {
        HotspotRefusals::InThePagesWords => (None, refusal.told(user)),
        HotspotRefusals::WithoutAReason => (None, ACTION_FAILED.to_owned()),
    }
}
