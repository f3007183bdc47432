//! GET /api/captive/{router}: what RFC 8908 has phones ask for instead of guessing, over TLS alone.
//!
//! A phone is told the address by DHCP (RFC 8910) and sends no cookie: who asks is the device that the router shows where the request comes
//! from.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use operations::VoucherStanding;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::asking;
use super::left::Left;
use super::peer::Peer;
use super::refusal::Refusal;
use super::seal::Seen;
use super::spoken::Spoken;
use super::state::PortalState;

/// Octets count both ways together, as RFC 8908 has it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Captive {
    captive: bool,
    user_portal_url: String,
    /// Another voucher can be entered only after this one ended.
    can_extend_session: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds_remaining: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_remaining: Option<u64>,
}

/// Whether the device is let through, and what is left of its voucher. The router's name is part of the address because terminals of routers
/// read a `?` themselves.
pub(super) async fn captive(
    State(portal): State<PortalState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    Path(router): Path<String>,
) -> Result<Response, Spoken> {
    portal.gate.request(peer)?;
    let found = asking::at_hotspot(&portal, &router, peer).await?;
    let standing = match found.is_let_through {
        true => portal.desk.by_device(found.seen.nas, &found.seen.mac).await.map_err(Refusal::of_a_look)?,
        false => None,
    };
    let left = standing.as_ref().filter(|standing: &&VoucherStanding| standing.active).map(Left::from);
    let told = Captive {
        captive: !found.is_let_through,
        user_portal_url: page_for(&headers, &router, &found.seen).ok_or(Refusal::Malformed)?,
        can_extend_session: false,
        seconds_remaining: left.and_then(|left| left.seconds),
        bytes_remaining: left.and_then(|left| left.octets),
    };
    let mut answer = axum::Json(told).into_response();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/captive+json"));
    Ok(answer)
}

/// The page with the hand-over in its address, at the server that was asked.
fn page_for(headers: &HeaderMap, router: &str, seen: &Seen) -> Option<String> {
    let host: Authority = headers.get(HOST)?.to_str().ok()?.parse().ok()?;
    let [router, mac] = [router, &seen.mac].map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC));
    Some(format!("https://{host}/portal?router={router}&mac={mac}&ip={}", seen.address))
}
