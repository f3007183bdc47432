//! No token and nobody signed in: no answer; and only what the rules say of their role.

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::UPGRADE;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use operations::Identity;
use secrecy::SecretString;

use super::ability::{Ability, may};
use super::credential::Credential;
use super::{bearer, reaching, rules};
use crate::layers::origin::is_our_page;
use crate::layers::transport::Transport;
use crate::metrics::access::is_local;
use crate::problem::Problem;
use crate::signing_in::cookies;
use crate::state::ServerState;

/// Lets a request pass whose token exists, or who is signed in, and whose role may do what its route asks for; its [`Identity`] goes with it.
pub(crate) async fn guard(state: State<ServerState>, request: Request, next: Next) -> Response {
    let token = bearer::token(request.headers());
    pass(state, token, request, next).await
}

/// Like [`guard`], except that the token may stand in the address: browsers send no header with a WebSocket.
pub(crate) async fn guard_or_in_address(state: State<ServerState>, request: Request, next: Next) -> Response {
    let token = bearer::token(request.headers()).or_else(|| bearer::token_in_address(request.uri()));
    pass(state, token, request, next).await
}

/// Like [`guard`], except that the token may stand among the protocols that a WebSocket offers: they are the one header that a
/// page can choose, and unlike an address they are in no log.
pub(crate) async fn guard_or_in_protocol(
    state: State<ServerState>,
    request: Request,
    next: Next,
) -> Response {
    let token = bearer::token(request.headers()).or_else(|| bearer::token_in_protocols(request.headers()));
    pass(state, token, request, next).await
}

async fn pass(
    State(state): State<ServerState>,
    token: Option<SecretString>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match known(&state, token, &parts).await {
        Ok((credential, identity)) => {
            parts.extensions.insert(credential);
            parts.extensions.insert(identity);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn known(
    state: &ServerState,
    token: Option<SecretString>,
    request: &Parts,
) -> Result<(Credential, Identity), Problem> {
    let credential = credential(token, request)?;
    let identity = identify(state, &credential).await?;
    allowed(&identity, request)?;
    Ok((credential, identity))
}

/// Like [`guard`], except that programs on this host need no token.
pub(crate) async fn guard_unless_local(state: State<ServerState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let local = is_local(&parts);
    let request = Request::from_parts(parts, body);
    if local { next.run(request).await } else { guard(state, request, next).await }
}

/// With what somebody comes: a token, or else the cookie of a browser.
fn credential(token: Option<SecretString>, request: &Parts) -> Result<Credential, Problem> {
    if let Some(token) = token {
        return Ok(Credential::Token(token));
    }
    let transport = request.extensions.get::<Transport>().copied().unwrap_or_default();
    let secret = cookies::session(&request.headers, transport).ok_or_else(|| {
        unauthorized(
            "This needs a token: send the header Authorization: Bearer tkm_..., made by `tikmeter token create`. People \
             sign in by POST /api/v1/session.",
        )
    })?;
    refuse_other_pages(request)?;
    Ok(Credential::SignIn(secret.to_owned().into()))
}

async fn identify(state: &ServerState, credential: &Credential) -> Result<Identity, Problem> {
    let found = credential.identity(&state.operations).await?;
    found.ok_or_else(|| match credential {
        Credential::Token(_) => {
            unauthorized("This token is unknown, expired or revoked. Make a new one: `tikmeter token create`.")
        }
        Credential::SignIn(_) => unauthorized(
            "You are signed out: for long nothing was done here, somebody ended this sign-in, or your account was changed. Sign \
             in again.",
        ),
    })
}

/// A browser sends its cookie whoever asks; what changes something, or becomes a WebSocket, has to come from our own page.
fn refuse_other_pages(request: &Parts) -> Result<(), Problem> {
    let only_looks = request.method.is_safe() && !request.headers.contains_key(UPGRADE);
    if only_looks || is_our_page(&request.headers) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "Nothing was changed: the browser does not say that this server's own page asked for this. A program comes with a \
         token, not with a cookie.",
    ))
}

fn allowed(identity: &Identity, request: &Parts) -> Result<(), Problem> {
    let path = request.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let (ability, scope) = rules::needed(&request.method, path)?;
    must(identity, ability)?;
    reaching::check(identity, scope)
}

/// That they may.
///
/// # Errors
/// 403, where their role may not.
pub(crate) fn must(identity: &Identity, ability: Ability) -> Result<(), Problem> {
    if may(identity.role, ability) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        format!(
            "Nothing was changed: who comes as {} may not do this. An admin can give another role.",
            identity.role.as_str()
        ),
    ))
}

fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, detail)
}
