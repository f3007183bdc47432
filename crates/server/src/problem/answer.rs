//! A problem as an HTTP answer.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::api::model::problem::ProblemBody;

/// The media type of RFC 9457.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not done. `detail` says what happened, what is still safe, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: String,
    field: Option<&'static str>,
}

/// The sentence of a problem beside its answer, for the paths that put it into other words.
#[derive(Clone, Debug)]
pub(crate) struct Detail(pub(crate) String);

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Problem { status, detail: detail.into(), field: None }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::NOT_FOUND, detail)
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::CONFLICT, detail)
    }

    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// The same, where a body that says nothing sensible is a bad request.
    pub(crate) fn malformed(self) -> Self {
        match self.status {
            StatusCode::UNPROCESSABLE_ENTITY => Problem { status: StatusCode::BAD_REQUEST, ..self },
            _ => self,
        }
    }

    /// Its status and its sentence, for who is answered by no HTTP answer.
    pub(crate) fn said(self) -> (u16, String) {
        (self.status.as_u16(), self.detail)
    }

    /// A field of the body names what is not there.
    pub(crate) fn names_nothing(field: &'static str, detail: impl Into<String>) -> Self {
        Problem { field: Some(field), ..Problem::invalid(detail) }
    }

    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    pub(crate) fn internal(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let detail = Detail(self.detail.clone());
        let body = ProblemBody {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: self.detail,
            field: self.field,
        };
        let mut response = (self.status, Json(body)).into_response();
        response.extensions_mut().insert(detail);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
