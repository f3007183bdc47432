//! Which device asks, and which key its browser kept.

use std::net::IpAddr;

use axum::http::HeaderMap;
use operations::{HostSought, HotspotHost, check_router_name};
use store::NasId;

use super::cookies;
use super::hand_over::{Found, HandedOver, Unlike, found, found_at};
use super::refusal::Refusal;
use super::seal::Seen;
use super::state::PortalState;
use super::unsaid::without_codes;
use crate::cookie;

/// The device that was handed over before: as the form has it, or else the cookie. It is the same one only while it asks from where it was.
pub(super) fn device(
    portal: &PortalState,
    peer: IpAddr,
    form: Option<&str>,
    headers: &HeaderMap,
) -> Option<Seen> {
    let sealed = form.into_iter().chain(cookie::sent(headers, cookies::DEVICE));
    sealed.filter_map(|sealed| portal.opened(sealed)).find(|seen| seen.peer == peer)
}

/// The key of the voucher that was used in this browser last.
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    cookie::sent(headers, cookies::VOUCHER)
}

/// The code that was read off a sheet before its device was known.
pub(super) fn code(headers: &HeaderMap) -> Option<&str> {
    cookie::sent(headers, cookies::CODE)
}

/// Whether the router lets the device through at this moment; `None` where it does not say.
pub(super) async fn is_let_through(portal: &PortalState, seen: &Seen) -> Option<bool> {
    let router = portal.desk.router_name(seen.nas).await.ok()??;
    let mac = seen.mac.as_bytes();
    let sought = HostSought { mac: Some(mac.to_vec()), address: None };
    let (_, hosts) = shown(portal, &router, sought).await.ok()?;
    let mut its = hosts.iter().filter(|host| host.mac.eq_ignore_ascii_case(mac));
    Some(its.any(|host| host.authorized || host.bypassed))
}

/// Looks on the router for a device that is handed over now.
pub(super) async fn handed_over(
    portal: &PortalState,
    named: &HandedOver,
    peer: IpAddr,
) -> Result<Found, Refusal> {
    let sought = HostSought { mac: Some(named.mac.as_bytes().to_vec()), address: None };
    let (nas, hosts) = shown(portal, &named.router, sought).await?;
    found(named, nas, &hosts, peer).map_err(|unlike| match unlike {
        Unlike::NotShown => Refusal::NotInSight,
        Unlike::AnotherPeer => {
            tracing::warn!(
                router = named.router, address = %named.address, %peer,
                "a device was handed over, and its request came from another address; where that is the router's own, it \
                 masquerades: see `tikmeter router portal-setup`"
            );
            Refusal::AnotherPeer
        }
    })
}

/// Looks on that router for the device that a request comes from.
pub(super) async fn at_hotspot(portal: &PortalState, router: &str, peer: IpAddr) -> Result<Found, Refusal> {
    let sought = HostSought { mac: None, address: Some(peer.to_string().into_bytes()) };
    let (nas, hosts) = shown(portal, router, sought).await?;
    found_at(nas, &hosts, peer).ok_or(Refusal::NotInSight)
}

/// What the router shows, in one of its places.
async fn shown(
    portal: &PortalState,
    router: &str,
    sought: HostSought,
) -> Result<(NasId, Vec<HotspotHost>), Refusal> {
    // Whoever writes the address writes the name, which goes into the log.
    check_router_name(router).map_err(|_| Refusal::Malformed)?;
    let Some(_place) = portal.lookups.enter(router.to_owned()) else {
        portal.counts.held_off("router");
        return Err(Refusal::Busy);
    };
    let shown = portal.desk.hosts(router, sought).await.map_err(|error| {
        let error = without_codes(error);
        tracing::warn!(error, router, "a router was not asked for a device at its hotspot");
        Refusal::Failed
    })?;
    shown.ok_or_else(|| {
        tracing::warn!(router, "a device was handed over for a router that is not there");
        Refusal::NotInSight
    })
}
