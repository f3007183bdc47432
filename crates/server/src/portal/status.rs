//! GET /api/status/{code or MAC}: whether somebody is in, and what is left.
//!
//! A code that is unknown, unused, paused, revoked or over is answered alike, and counts as a wrong look.

use std::net::IpAddr;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use operations::VoucherStanding;
use serde::Serialize;

use super::admitting::normal;
use super::asking;
use super::cookies;
use super::left::Left;
use super::mac::mac;
use super::peer::Peer;
use super::refusal::Refusal;
use super::spoken::{Spoken, keeping};
use super::state::PortalState;

#[derive(Serialize)]
struct Status {
    success: bool,
    active: bool,
    remaining_seconds: Option<u64>,
    remaining_octets: Option<u64>,
}

/// Of a device only to itself.
pub(super) async fn status(
    State(portal): State<PortalState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    Path(whose): Path<String>,
) -> Result<Response, Spoken> {
    portal.gate.request(peer)?;
    match mac(&whose) {
        Some(mac) => of_device(&portal, peer, &headers, &mac).await,
        None => of_code(&portal, peer, &whose).await,
    }
}

async fn of_device(
    portal: &PortalState,
    peer: IpAddr,
    headers: &HeaderMap,
    mac: &str,
) -> Result<Response, Spoken> {
    let seen = asking::device(portal, peer, None, headers).filter(|seen| seen.mac == mac);
    let seen = seen.ok_or(Refusal::NotHandedOver)?;
    let standing = portal.desk.by_device(seen.nas, &seen.mac).await.map_err(Refusal::of_a_look)?;
    Ok(keeping(told(standing.as_ref()), cookies::device(&portal.sealed(&seen))))
}

async fn of_code(portal: &PortalState, peer: IpAddr, code: &str) -> Result<Response, Spoken> {
    let code = normal(code)?;
    let look = portal.gate.look(peer)?;
    let standing = portal.desk.by_code(&code).await;
    if !matches!(&standing, Ok(standing) if !is_active(standing.as_ref())) {
        look.was_right();
    }
    Ok(keeping(told(standing.map_err(Refusal::of_a_look)?.as_ref()), None))
}

fn is_active(standing: Option<&VoucherStanding>) -> bool {
    standing.is_some_and(|standing| standing.active)
}

fn told(standing: Option<&VoucherStanding>) -> Status {
    let left = standing.filter(|standing| standing.active).map(Left::from);
    Status {
        success: true,
        active: left.is_some(),
        remaining_seconds: left.and_then(|left| left.seconds),
        remaining_octets: left.and_then(|left| left.octets),
    }
}
