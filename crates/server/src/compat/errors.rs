//! Errors as those tools worded them: the status, and `{"status":"error","message":"..."}`.

use axum::Json;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

use crate::api::model::compat_user::CompatError;
use crate::problem::{Declared, Detail};

/// Where their paths are.
const BELOW: [&str; 3] = ["/api/mikrotik", "/api/monitor", "/ws"];

/// Puts the problem of an answer below their paths, if it is one, into their words. It stands around the whole router:
/// what answers for an unknown path or a method that is not taken belongs to none of their routes.
pub(crate) async fn in_their_words(request: Request, next: Next) -> Response {
    let theirs = is_theirs(request.uri().path());
    let answer = next.run(request).await;
    if theirs { reworded_answer(answer) } else { answer }
}

fn is_theirs(path: &str) -> bool {
    let is_below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    BELOW.iter().any(|beginning| path.strip_prefix(beginning).is_some_and(is_below))
}

fn reworded_answer(mut answer: Response) -> Response {
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
