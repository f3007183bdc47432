//! GET /portal: the page that a device sees.

use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::http::{HeaderMap, StatusCode};
use operations::OperationError;

use super::asking;
use super::cookies;
use super::hand_over::Query;
use super::left::Left;
use super::page::Page;
use super::peer::Peer;
use super::refusal::Refusal;
use super::seal::Seen;
use super::state::PortalState;
use super::texts::Text;
use super::views::{Enter, Online};

/// Who looks at a page.
#[derive(Clone, Copy)]
pub(super) struct Visitor<'v> {
    pub(super) device: Option<&'v Seen>,
    /// Of the voucher that was used in this browser last.
    pub(super) key: Option<&'v str>,
    /// To be entered.
    pub(super) code: &'v str,
    /// The router said just now that it does not let the device through, whatever is written down.
    pub(super) is_kept_out: bool,
}

/// The device as the query names it, or as it was named before.
pub(super) async fn show(
    State(portal): State<PortalState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    query: Result<axum::extract::Query<Query>, QueryRejection>,
) -> Result<Page, Refusal> {
    portal.gate.request(peer)?;
    let axum::extract::Query(mut query) = query.map_err(|_| Refusal::Malformed)?;
    let code = query.code.take().unwrap_or_default();
    let (device, is_kept_out) = match query.named() {
        Some(named) => {
            let named = named.map_err(|_| Refusal::Malformed)?;
            let found = asking::handed_over(&portal, &named, peer).await?;
            (Some(found.seen), !found.is_let_through)
        }
        None => (asking::device(&portal, peer, None, &headers), false),
    };
    let visitor = Visitor { device: device.as_ref(), key: asking::key(&headers), code: &code, is_kept_out };
    page_of(&portal, visitor, None).await
}

/// What there is to see: what is left, or where to enter a code.
pub(super) async fn page_of(
    portal: &PortalState,
    visitor: Visitor<'_>,
    said: Option<(&str, bool)>,
) -> Result<Page, Refusal> {
    let now = now(portal, visitor).await.map_err(Refusal::of_a_look)?;
    match (visitor.device, now) {
        (device, Now::Online(left)) => {
            let mac = device.map(|seen| &*seen.mac);
            let online = Online { left, mac, proof: None, has_key: visitor.key.is_some(), said };
            let cookie = device.and_then(|seen| cookies::device(&portal.sealed(seen)));
            Ok(online.page(StatusCode::OK).keeping(cookie))
        }
        (Some(seen), Now::Out(rest)) => {
            let sealed = portal.sealed(seen);
            let page = Enter { device: &sealed, code: visitor.code, said, rest }.page(StatusCode::OK);
            Ok(page.keeping(cookies::device(&sealed)))
        }
        (None, Now::Out(_)) => match said {
            Some((text, _)) => Ok(Page::message(StatusCode::OK, Text::Done, text)),
            None => Err(Refusal::NotHandedOver),
        },
    }
}

enum Now {
    Online(Left),
    /// With what is left of the voucher of the key, if anything is.
    Out(Option<Left>),
}

async fn now(portal: &PortalState, visitor: Visitor<'_>) -> Result<Now, OperationError> {
    let Visitor { device, key, is_kept_out, .. } = visitor;
    if let Some(seen) = device.filter(|_| !is_kept_out)
        && let Some(standing) = portal.desk.by_device(seen.nas, &seen.mac).await?
        && standing.active
    {
        return Ok(Now::Online(Left::from(&standing)));
    }
    let Some(key) = key else { return Ok(Now::Out(None)) };
    let Some(standing) = portal.desk.by_proof(key).await? else { return Ok(Now::Out(None)) };
    let left = Left::from(&standing);
    // A device that is known and not in is another one than that of the key, or is not in any more.
    if standing.active && device.is_none() {
        return Ok(Now::Online(left));
    }
    Ok(Now::Out(left.is_something().then_some(left)))
}
