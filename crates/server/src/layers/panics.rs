//! A handler that panics answers 500 and stops nobody else.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// For `CatchPanicLayer::custom`.
#[expect(clippy::needless_pass_by_value, reason = "the signature is tower-http's")]
pub(crate) fn answer(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(panic = text, "a request hit a fault of this program");
    Problem::internal(
        "A fault of this program stopped this request; counting goes on and nothing is lost. The log has the \
         details: please report it.",
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::routing::get;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    async fn faulty() -> &'static str {
        panic!("a fault made for this test")
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_and_tells_no_inside() {
        let app = Router::new().route("/", get(faulty)).layer(CatchPanicLayer::custom(super::answer));
        let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (500, &"application/problem+json".parse().unwrap())
        );
        let body = axum::body::to_bytes(response.into_body(), 9_999).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("made for this test"));
    }
}
