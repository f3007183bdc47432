//! No token, no answer; a viewer's token, no change.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use operations::Identity;
use secrecy::{ExposeSecret, SecretString};
use store::Role;

use super::bearer;
use crate::metrics::access::is_local;
use crate::problem::Problem;
use crate::state::ServerState;

/// Lets a request pass whose token exists and allows its method; its [`Identity`] goes with it.
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
    mut request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    match identify(&state, token, &method).await {
        Ok(identity) => {
            request.extensions_mut().insert(identity);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Like [`guard`], except that programs on this host need no token.
pub(crate) async fn guard_unless_local(state: State<ServerState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let local = is_local(&parts);
    let request = Request::from_parts(parts, body);
    if local { next.run(request).await } else { guard(state, request, next).await }
}

async fn identify(
    state: &ServerState,
    token: Option<SecretString>,
    method: &Method,
) -> Result<Identity, Problem> {
    let token = token.ok_or_else(|| {
        unauthorized(
            "This needs a token: send the header Authorization: Bearer tkm_..., made by `tikmeter token create`.",
        )
    })?;
    let identity = state.operations.authenticate(token.expose_secret()).await?.ok_or_else(|| {
        unauthorized("This token is unknown, expired or revoked. Make a new one: `tikmeter token create`.")
    })?;
    if allows(identity.role, method) {
        return Ok(identity);
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "Nothing was changed: this token may only look. Use one made by `tikmeter token create --role admin`.",
    ))
}

fn allows(role: Role, method: &Method) -> bool {
    match role {
        Role::Admin => true,
        Role::Viewer => method.is_safe(),
    }
}

fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, detail)
}
