//! POST /api/activate-quick: a device is let in, for programs and pages of one's own.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::admitting::{By, admit};
use super::asking;
use super::cookies;
use super::language::Language;
use super::left::Left;
use super::peer::Peer;
use super::refusal::Refusal;
use super::spoken::{Spoken, keeping};
use super::state::PortalState;
use super::texts::Text;

/// What is sent. The device is that of the cookie, or the sealed one that the page's form has.
#[derive(Debug, Deserialize)]
pub(super) struct Quick {
    #[serde(default)]
    code: String,
    device: Option<String>,
}

#[derive(Serialize)]
struct Activated {
    success: bool,
    message: &'static str,
    remaining_seconds: Option<u64>,
}

/// Its answer comes when the device is in.
pub(super) async fn activate_quick(
    State(portal): State<PortalState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    sent: Result<Json<Quick>, JsonRejection>,
) -> Result<Response, Spoken> {
    portal.gate.request(peer)?;
    let Json(quick) = sent.map_err(|_| Refusal::NothingNamed)?;
    let device = asking::device(&portal, peer, quick.device.as_deref(), &headers);
    let by = By::Code(&quick.code, asking::key(&headers));
    let admitted = admit(&portal, peer, device.as_ref(), by).await?;
    let activated = Activated {
        success: true,
        message: match admitted.already {
            true => Text::AlreadyActivated.within(Language::English),
            false => "Activation in progress",
        },
        remaining_seconds: Left::from(&admitted).seconds,
    };
    Ok(keeping(activated, cookies::voucher(&admitted.proof)))
}
