//! Errors as those tools worded them: the status, and `{"status":"error","message":"..."}`.

use axum::Json;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

use crate::api::model::compat_bandwidth::BandwidthDone;
use crate::api::model::compat_user::CompatError;
use crate::problem::{Declared, Detail};

/// Where the paths of those tools are that told errors as a status in words.
const BELOW: [&str; 3] = ["/api/mikrotik", "/api/monitor", "/ws"];
/// Where those of the piso-net tool are, which told whether it was done: `{"success":false,"message":"..."}`.
const BELOW_ADMIN: [&str; 1] = ["/admin/api"];

/// Puts the problem of an answer below their paths, if it is one, into their words. It stands around the whole router:
/// what answers for an unknown path or a method that is not taken belongs to none of their routes.
pub(crate) async fn in_their_words(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (theirs, pisonets) = (is_below(&BELOW, path), is_below(&BELOW_ADMIN, path));
    let answer = next.run(request).await;
    if theirs || pisonets { reworded_answer(answer, pisonets) } else { answer }
}

fn is_below(beginnings: &[&str], path: &str) -> bool {
    let is_below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    beginnings.iter().any(|beginning| path.strip_prefix(beginning).is_some_and(is_below))
}

fn reworded_answer(mut answer: Response, pisonets: bool) -> Response {
    let Some(Detail(message)) = answer.extensions_mut().remove::<Detail>() else { return answer };
    let (mut parts, _) = answer.into_parts();
    let reworded = match pisonets {
        true => Json(BandwidthDone { success: false, message, warning: None }).into_response(),
        false => Json(CompatError { status: "error", message }).into_response(),
    };
    for header in [CONTENT_LENGTH, CONTENT_TYPE] {
        parts.headers.remove(header);
    }
    parts.headers.extend(reworded.headers().clone());
    Response::from_parts(parts, reworded.into_body())
}

/// The same statuses, declared with the body of the tools that told a status.
pub(super) fn declared(problems: Declared) -> Declared {
    with_body(problems, "CompatError")
}

/// The same statuses, declared with the body of the tool that told whether it was done.
pub(super) fn declared_done(problems: Declared) -> Declared {
    with_body(problems, "BandwidthDone")
}

fn with_body(problems: Declared, body: &str) -> Declared {
    problems.into_iter().map(|(status, response)| (status, reworded(response, body))).collect()
}

fn reworded(response: RefOr<utoipa::openapi::Response>, body: &str) -> RefOr<utoipa::openapi::Response> {
    let RefOr::T(mut response) = response else { return response };
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name(body))).build();
    response.content = [("application/json".to_owned(), RefOr::T(body))].into_iter().collect();
    response.into()
}
