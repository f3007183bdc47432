//! Errors as those tools worded them: the status, and `{"status":"error","message":"..."}`.

use axum::Json;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

use crate::api::model::compat_user::CompatError;
use crate::problem::{Declared, Detail};

/// Puts the problem of an answer, if it is one, into their words.
pub(crate) async fn in_their_words(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let Some(Detail(message)) = answer.extensions_mut().remove::<Detail>() else { return answer };
    let (mut parts, _) = answer.into_parts();
    let reworded = Json(CompatError { status: "error", message }).into_response();
    for header in [CONTENT_LENGTH, CONTENT_TYPE] {
        parts.headers.remove(header);
    }
    parts.headers.extend(reworded.headers().clone());
    Response::from_parts(parts, reworded.into_body())
}

/// The same statuses, declared with that body.
pub(super) fn declared(problems: Declared) -> Declared {
    problems.into_iter().map(|(status, response)| (status, reworded(response))).collect()
}

fn reworded(response: RefOr<utoipa::openapi::Response>) -> RefOr<utoipa::openapi::Response> {
    let RefOr::T(mut response) = response else { return response };
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("CompatError"))).build();
    response.content = [("application/json".to_owned(), RefOr::T(body))].into_iter().collect();
    response.into()
}
