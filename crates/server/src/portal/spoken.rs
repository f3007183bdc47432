//! JSON answers in the words of the tool that was here before.

use axum::Json;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::language::Language;
use super::refusal::Refusal;
use super::texts::Text;

/// Whether it was done, and a sentence.
#[derive(Debug, Serialize)]
struct Said {
    success: bool,
    message: String,
}

/// Why a program is refused.
pub(super) struct Spoken(pub(super) Refusal);

impl<E: Into<Refusal>> From<E> for Spoken {
    fn from(refusal: E) -> Self {
        Spoken(refusal.into())
    }
}

impl IntoResponse for Spoken {
    fn into_response(self) -> Response {
        let mut answer = with(self.0.status(), false, self.0.message(Language::English));
        if let Refusal::Wait(wait) = self.0 {
            answer.headers_mut().insert(RETRY_AFTER, wait.seconds().into());
        }
        answer
    }
}

/// `{"success":...,"message":"..."}`.
pub(super) fn said(status: StatusCode, success: bool, text: Text) -> Response {
    with(status, success, text.within(Language::English).to_owned())
}

fn with(status: StatusCode, success: bool, message: String) -> Response {
    (status, Json(Said { success, message })).into_response()
}

/// `body`, with something for the browser to keep.
pub(super) fn keeping(body: impl Serialize, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let mut answer = Json(body).into_response();
    answer.headers_mut().extend(cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)));
    answer
}
