//! Problems as the OpenAPI document declares them: each endpoint names its own, the ones every endpoint shares are
//! added here, so that the document never lacks a status that can be answered.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use super::answer::MEDIA_TYPE;

/// Status (as text) to response, as `utoipa::IntoResponses` wants it.
pub(crate) type Declared = BTreeMap<String, RefOr<Response>>;

const SHARED: [(u16, &str); 3] = [
    (500, "A fault of this program; it is in the log."),
    (503, "The database does not answer; readings wait and nothing is lost. Try again."),
    (504, "It took longer than the time limit. Try again, or ask for less."),
];

const GUARDED: [(u16, &str); 3] = [
    (400, "The request cannot be understood; the detail names the part."),
    (401, "No token, or one that is unknown, revoked or expired; nobody is signed in."),
    (
        403,
        "The role of the token or the operator does not allow this, or a page of another site asked for it.",
    ),
];

const WITH_BODY: [(u16, &str); 3] = [
    (413, "The body is larger than 64 KiB."),
    (415, "The body is not declared as `application/json`."),
    (422, "The body is understood, but a value in it cannot be taken; the detail names it."),
];

/// The problems of an endpoint that needs no token, and `own`.
pub(crate) fn public(own: &[(u16, &str)]) -> Declared {
    declare([&SHARED, own])
}

/// The problems of an endpoint that needs no token and takes a JSON body, and `own`.
pub(crate) fn public_write(own: &[(u16, &str)]) -> Declared {
    declare([&SHARED, &WITH_BODY, own])
}

/// The problems of an endpoint that needs a token and takes no body, and `own`.
pub(crate) fn read(own: &[(u16, &str)]) -> Declared {
    declare([&SHARED, &GUARDED, own])
}

/// The problems of an endpoint that needs a token and takes a JSON body, and `own`.
pub(crate) fn write(own: &[(u16, &str)]) -> Declared {
    declare([&SHARED, &GUARDED, &WITH_BODY, own])
}

fn declare<const N: usize>(lists: [&[(u16, &str)]; N]) -> Declared {
    lists.into_iter().flatten().map(|(status, words)| (status.to_string(), problem(words))).collect()
}

fn problem(description: &str) -> RefOr<Response> {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
    ResponseBuilder::new().description(description).content(MEDIA_TYPE, body).build().into()
}
