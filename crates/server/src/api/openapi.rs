//! The OpenAPI document, made from the handlers themselves.

use axum::Extension;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoResponses, Modify, OpenApi};

use super::model::compat_monitor::CompatSample;
use super::model::compat_user::CompatError;
use super::model::live::{LiveQuestion, Told};
use super::model::problem::ProblemBody;
use crate::problem::{self, Declared};

/// What the document says before any handler adds to it.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tikmeter",
        description = "What every subscriber of a MikroTik network used, to the octet, and why. Volumes are octets, \
                       rates bits per second, instants RFC 3339 in UTC. Names that are not UTF-8 are written `hex:` \
                       and hexadecimal digits. Every error is `application/problem+json`, but for a request that cannot \
                       be read as HTTP: a malformed one is answered 400, one whose target is longer than 65,534 octets \
                       414, and one with more than 100 headers, or a head too long to hold, 431, with no body, and the \
                       connection is closed."
    ),
    components(schemas(ProblemBody, CompatError, CompatSample, LiveQuestion, Told)),
    security(("token" = [])),
    modifiers(&TokenScheme)
)]
struct Beginning;

struct TokenScheme;

impl Modify for TokenScheme {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("`tkm_...`, made by `tikmeter token create`. What it may do, its role says."))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// A document with no endpoint in it yet.
pub(crate) fn beginning() -> Document {
    Beginning::openapi()
}

/// The finished document as text.
#[derive(Clone)]
pub(crate) struct DocumentText(pub(crate) std::sync::Arc<str>);

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// This document.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "server",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object), Errors)
)]
pub(super) async fn openapi(Extension(text): Extension<DocumentText>) -> Response {
    ([(CONTENT_TYPE, "application/json")], text.0.to_string()).into_response()
}
