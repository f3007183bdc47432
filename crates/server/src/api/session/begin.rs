//! POST /api/v1/session

use axum::extract::State;
use axum::http::header::{RETRY_AFTER, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use operations::{SignInOutcome, SignInRequest};
use utoipa::IntoResponses;

use super::shape::session;
use crate::api::model::sign_in::{NewSession, Who};
use crate::extract::{Json, Peer};
use crate::layers::transport::Transport;
use crate::problem::{self, Declared, Problem};
use crate::signing_in::{Lane, cookies};
use crate::state::ServerState;

/// No operator's name is longer, signs.
const LONGEST_NAME: usize = 128;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::public_write(&[
            (400, "The body is not JSON."),
            (401, "The name or the password is wrong, or the operator is locked out."),
            (403, "A page of another site asked for it."),
            (
                429,
                "Too many wrong tries at this account or from this address; `Retry-After` says for how many seconds.",
            ),
        ])
    }
}

/// Signs an operator in: the answer sets the cookie with which this browser comes from then on. It ends after 12 hours without
/// use, and after 14 days in any case. A browser that signed in before is not kept waiting by others' wrong guesses.
#[utoipa::path(
    post,
    path = "/api/v1/session",
    tag = "operators",
    operation_id = "sign_in",
    security(()),
    request_body = NewSession,
    responses((status = 200, description = "They are signed in", body = Who), Errors)
)]
pub(in crate::api) async fn sign_in(
    State(state): State<ServerState>,
    Peer(from): Peer,
    transport: Transport,
    headers: HeaderMap,
    Json(asked): Json<NewSession>,
) -> Result<Response, Problem> {
    // No operator has such a name, and not every database can look for one.
    if asked.name.chars().count() > LONGEST_NAME || asked.name.contains(char::is_control) {
        return Err(wrong());
    }
    let mark = cookies::browser(&headers, transport);
    let lane = match mark {
        Some(mark) if state.operations.knows_browser(mark, &asked.name).await? => {
            Lane::Known(mark.to_owned())
        }
        _ => Lane::Stranger(from, asked.name.to_lowercase()),
    };
    if let Err(seconds) = state.gate.begin(&lane, state.now()) {
        return Ok(too_often(seconds));
    }
    let browser = headers.get(USER_AGENT).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let request = SignInRequest {
        name: asked.name,
        password: asked.password,
        lane: lane.of_password(),
        address: from.to_string(),
        browser: browser.to_owned(),
        mark: mark.map(str::to_owned),
    };
    let outcome = state.operations.sign_in(request).await;
    if !matches!(outcome, Ok(SignInOutcome::Wrong)) {
        state.gate.was_right(&lane, state.now());
    }
    match outcome? {
        SignInOutcome::In(new) => {
            let cookies = AppendHeaders(cookies::given(&headers, transport, &new));
            Ok((cookies, axum::Json(session(&new.identity))).into_response())
        }
        SignInOutcome::Wrong => Err(wrong()),
        SignInOutcome::Crowded => Ok(refused(
            1,
            "Too many people are signing in at this moment. Wait a second and try again.".to_owned(),
        )),
    }
}

fn wrong() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "The name or the password is wrong, or this operator is locked out. An admin can set another password: `tikmeter \
         operator password NAME` on the server's machine.",
    )
}

pub(super) fn too_often(seconds: u64) -> Response {
    refused(
        seconds,
        format!(
            "There were too many wrong tries at this account or from this address. Wait {seconds} s; a browser that signed in \
             here before does not have to."
        ),
    )
}

fn refused(seconds: u64, why: String) -> Response {
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, why);
    ([(RETRY_AFTER, seconds.to_string())], problem).into_response()
}
