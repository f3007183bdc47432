//! POST /end-session: whoever has the key, or the code, goes offline. A form is answered by a page, JSON by JSON.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use operations::VoucherOwner;
use serde::Deserialize;

use super::admitting::{guessing, normal, of_a_key};
use super::asking;
use super::peer::Peer;
use super::refusal::Refusal;
use super::show::{Visitor, page_of};
use super::spoken::{Spoken, said};
use super::state::PortalState;
use super::texts::Text;

#[derive(Debug, Default, Deserialize)]
struct Ending {
    #[serde(default)]
    code: String,
}

/// Ends it on the router.
pub(super) async fn end_session(
    State(portal): State<PortalState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    request: Request,
) -> Response {
    if is_json(&headers) {
        let sent = Json::<Ending>::from_request(request, &portal).await.map(|Json(ending)| ending).ok();
        let ended = end(&portal, peer, &headers, sent).await.map_err(Spoken);
        return ended.map(|()| said(StatusCode::OK, true, Text::SessionEnded)).into_response();
    }
    let sent = Form::<Ending>::from_request(request, &portal).await.map(|Form(ending)| ending).ok();
    let ended = end(&portal, peer, &headers, sent).await;
    let device = asking::device(&portal, peer, None, &headers);
    match ended {
        Ok(()) => {
            let visitor = Visitor {
                device: device.as_ref(),
                key: asking::key(&headers),
                code: "",
                is_let_through: Some(false),
            };
            page_of(&portal, visitor, Some((Text::SessionEnded.told(), false))).await.into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn end(
    portal: &PortalState,
    peer: IpAddr,
    headers: &HeaderMap,
    sent: Option<Ending>,
) -> Result<(), Refusal> {
    portal.gate.request(peer)?;
    let desk = Arc::clone(&portal.desk);
    let ending = sent.ok_or(Refusal::NothingNamed)?;
    match (normal(&ending.code), asking::key(headers)) {
        (Ok(code), _) => {
            let counted = code.clone();
            let act = async move { desk.end(VoucherOwner::Code(&code)).await };
            guessing(portal, peer, Some(&counted), act).await
        }
        (Err(_), Some(key)) => {
            let key = key.to_owned();
            let act = async move { desk.end(VoucherOwner::Proof(&key)).await };
            guessing(portal, peer, None, act).await.map_err(of_a_key)
        }
        (Err(nothing), None) => Err(nothing),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().starts_with("application/json"))
}
