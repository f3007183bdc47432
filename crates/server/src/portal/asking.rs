//! Which device asks, and which key its browser kept.

use std::net::IpAddr;

use axum::http::HeaderMap;

use super::cookies;
use super::hand_over::{Found, HandedOver, Unlike, found};
use super::refusal::Refusal;
use super::seal::Seen;
use super::state::PortalState;

/// The device that was handed over before: as the form has it, or else the cookie. It is the same one only while it asks from where it was.
pub(super) fn device(
    portal: &PortalState,
    peer: IpAddr,
    form: Option<&str>,
    headers: &HeaderMap,
) -> Option<Seen> {
    let sealed = form.into_iter().chain(cookies::sent(headers, cookies::DEVICE));
    sealed.filter_map(|sealed| portal.opened(sealed)).find(|seen| seen.peer == peer)
}

/// The key of the voucher that was used in this browser last.
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    cookies::sent(headers, cookies::VOUCHER)
}

/// Looks on the router for a device that is handed over now.
pub(super) async fn handed_over(
    portal: &PortalState,
    named: &HandedOver,
    peer: IpAddr,
) -> Result<Found, Refusal> {
    let _place = portal.lookups.try_acquire().map_err(|_| Refusal::Busy)?;
    let shown = portal.desk.hosts(&named.router, &named.mac).await.map_err(|error| {
        tracing::warn!(%error, router = named.router, "a router was not asked for a device that it handed over");
        Refusal::Failed
    })?;
    let (nas, hosts) = shown.ok_or_else(|| {
        tracing::warn!(router = named.router, "a device was handed over for a router that is not there");
        Refusal::NotInSight
    })?;
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
