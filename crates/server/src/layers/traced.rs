//! What the log tells of a request.

use axum::extract::Request;
use tracing::Span;

/// For `TraceLayer::make_span_with`. The part of the address after ? is left out: a token may stand there.
pub(crate) fn span(request: &Request) -> Span {
    tracing::debug_span!("request", method = %request.method(), path = request.uri().path())
}
