//! POST /activate and POST /move: a device is let in, and sees what it has.

use std::net::IpAddr;

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode};
use operations::AdmittedDevice;
use serde::Deserialize;

use super::admitting::{By, admit};
use super::asking;
use super::cookies;
use super::language::Language;
use super::left::Left;
use super::page::Page;
use super::peer::Peer;
use super::refusal::Refusal;
use super::seal::Seen;
use super::state::PortalState;
use super::texts::Text;
use super::views::{Enter, Online};

/// What the two forms have.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    code: String,
    #[serde(default)]
    proof: String,
    device: Option<String>,
}

type Sent = Result<Form<Entered>, FormRejection>;

/// By a code.
pub(super) async fn activate(
    State(portal): State<PortalState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Page, Refusal> {
    let (entered, device) = begin(&portal, peer, &headers, sent)?;
    let by = By::Code(&entered.code, asking::key(&headers));
    let admitted = admit(&portal, peer, device.as_ref(), by).await;
    page(&portal, &headers, device.as_ref(), &entered.code, admitted)
}

/// By a key: the one that was typed, or the one that the browser kept.
pub(super) async fn move_here(
    State(portal): State<PortalState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Page, Refusal> {
    let (entered, device) = begin(&portal, peer, &headers, sent)?;
    let typed = Some(entered.proof.trim()).filter(|typed| !typed.is_empty());
    let key = typed.or_else(|| asking::key(&headers)).ok_or(Refusal::InvalidKey)?;
    let admitted = admit(&portal, peer, device.as_ref(), By::Key(key)).await;
    page(&portal, &headers, device.as_ref(), "", admitted)
}

fn begin(
    portal: &PortalState,
    peer: IpAddr,
    headers: &HeaderMap,
    sent: Sent,
) -> Result<(Entered, Option<Seen>), Refusal> {
    portal.gate.request(peer)?;
    let Form(entered) = sent.map_err(|_| Refusal::NothingNamed)?;
    let device = asking::device(portal, peer, entered.device.as_deref(), headers);
    Ok((entered, device))
}

fn page(
    portal: &PortalState,
    headers: &HeaderMap,
    device: Option<&Seen>,
    code: &str,
    admitted: Result<AdmittedDevice, Refusal>,
) -> Result<Page, Refusal> {
    let seen = device.ok_or(Refusal::NotHandedOver)?;
    let sealed = portal.sealed(seen);
    let page = match admitted {
        Ok(admitted) => {
            let is_new = asking::key(headers) != Some(&*admitted.proof);
            let online = Online {
                left: Left::from(&admitted),
                mac: Some(&seen.mac),
                proof: is_new.then_some(&*admitted.proof),
                has_key: true,
                said: admitted.already.then_some((Text::AlreadyActivated.told(), false)),
            };
            online.page(StatusCode::OK).keeping(cookies::voucher(&admitted.proof))
        }
        Err(refusal) => {
            let message = refusal.message(Language::asked());
            let enter = Enter { device: &sealed, code, said: Some((&message, true)), rest: None };
            enter.page(refusal.status()).waiting(&refusal)
        }
    };
    let entered = asking::code(headers).and_then(|_| cookies::no_code());
    Ok(page.keeping(cookies::device(&sealed)).keeping(entered))
}
