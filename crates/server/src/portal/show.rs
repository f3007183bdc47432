//! GET /portal: the page that a device sees.

use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::http::{HeaderMap, StatusCode};
use operations::{OperationError, VoucherStop};

use super::asking;
use super::cookies;
use super::hand_over::Query;
use super::language::Language;
use super::left::{Left, stop_told};
use super::page::Page;
use super::peer::Peer;
use super::refusal::Refusal;
use super::seal::Seen;
use super::state::PortalState;
use super::texts::Text;
use super::views::{Enter, Online, scanned};

/// Who looks at a page.
#[derive(Clone, Copy)]
pub(super) struct Visitor<'v> {
    pub(super) device: Option<&'v Seen>,
    /// Of the voucher that was used in this browser last.
    pub(super) key: Option<&'v str>,
    /// To be entered.
    pub(super) code: &'v str,
    /// What the router said just now of whether it lets the device through, whatever is written down; `None`: it was not asked.
    pub(super) is_let_through: Option<bool>,
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
    let printed = query.code.take();
    let code = printed.as_deref().or_else(|| asking::code(&headers)).unwrap_or_default();
    let (device, is_let_through) = match query.named() {
        Some(named) => {
            let named = named.map_err(|_| Refusal::Malformed)?;
            let found = asking::handed_over(&portal, &named, peer).await?;
            (Some(found.seen), Some(found.is_let_through))
        }
        None => (asking::device(&portal, peer, None, &headers), None),
    };
    let visitor = Visitor { device: device.as_ref(), key: asking::key(&headers), code, is_let_through };
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
        (Some(seen), Now::Out(out)) => {
            let (sealed, news) = (portal.sealed(seen), out.news());
            let said = said.or(news.as_deref().map(|news| (news, true)));
            let page =
                Enter { device: &sealed, code: visitor.code, said, rest: out.rest }.page(StatusCode::OK);
            Ok(page.keeping(cookies::device(&sealed)))
        }
        (None, Now::Out(out)) => unknown(visitor.code, said, &out),
    }
}

/// For who was not handed over.
fn unknown(code: &str, said: Option<(&str, bool)>, out: &Out) -> Result<Page, Refusal> {
    match (said, out.news()) {
        (Some((text, _)), _) => Ok(Page::message(StatusCode::OK, Text::Done, text)),
        (None, _) if !code.is_empty() => Ok(scanned(code).keeping(cookies::code(code))),
        (None, Some(news)) => Ok(Page::message(StatusCode::OK, Text::NotNow, &news)),
        (None, None) => Err(Refusal::NotHandedOver),
    }
}

enum Now {
    Online(Left),
    Out(Out),
}

/// Not online.
#[derive(Default)]
struct Out {
    /// What is left of the voucher of the key, if the key lets in.
    rest: Option<Left>,
    /// Why the voucher of before does not.
    stop: Option<VoucherStop>,
    /// By what is written down the device is in, and the router says that it is not.
    was_put_off: bool,
}

impl Out {
    fn news(&self) -> Option<String> {
        let stop = self.stop.map(|stop| stop_told(stop, Language::asked()));
        stop.or_else(|| self.was_put_off.then(|| Text::NotOnline.told().to_owned()))
    }
}

async fn now(portal: &PortalState, visitor: Visitor<'_>) -> Result<Now, OperationError> {
    let Visitor { device, key, .. } = visitor;
    let mut out = Out::default();
    if let Some(seen) = device
        && let Some(standing) = portal.desk.by_device(seen.nas, &seen.mac).await?
        && standing.active
    {
        if is_let_through(portal, visitor, seen).await {
            return Ok(Now::Online(Left::from(&standing)));
        }
        out.was_put_off = true;
    }
    let of_device = device.map(|seen| (seen.nas, &*seen.mac));
    out.stop = portal.desk.stop(key, of_device).await?;
    let Some(key) = key.filter(|_| out.stop.is_none()) else { return Ok(Now::Out(out)) };
    let Some(standing) = portal.desk.by_proof(key).await? else { return Ok(Now::Out(out)) };
    let left = Left::from(&standing);
    // A device that is known and not in is another one than that of the key, or is not in any more.
    if standing.active && device.is_none() {
        return Ok(Now::Online(left));
    }
    Ok(Now::Out(Out { rest: left.is_something().then_some(left), ..out }))
}

/// Where the router does not say, what is written down counts.
async fn is_let_through(portal: &PortalState, visitor: Visitor<'_>, seen: &Seen) -> bool {
    match visitor.is_let_through {
        Some(is_let_through) => is_let_through,
        None => asking::is_let_through(portal, seen).await.unwrap_or(true),
    }
}
