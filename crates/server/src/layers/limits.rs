//! How much a request may take: bytes and time.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Largest body taken, bytes.
pub(crate) const BODY_BYTES: usize = 64 * 1024;

/// How long an answer may take.
pub(crate) const ORDINARY: Duration = Duration::from_secs(30);

/// How long recomputing the books may take.
pub(crate) const VERIFY: Duration = Duration::from_secs(600);

/// Answers 504 when the rest takes longer than `limit`, reading the body included.
pub(crate) async fn time_limit(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            StatusCode::GATEWAY_TIMEOUT,
            format!(
                "This took longer than {} s and was given up; a change it asked for is either whole or not there. \
                 Look first, then try again or ask for less.",
                limit.as_secs()
            ),
        )
        .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn what_takes_too_long_is_given_up_in_words() {
        let app = Router::new()
            .route("/", get(std::future::pending::<()>))
            .layer(from_fn_with_state(Duration::from_millis(20), time_limit));
        let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (504, &"application/problem+json".parse().unwrap())
        );
    }
}
