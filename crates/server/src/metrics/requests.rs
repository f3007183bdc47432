//! How many requests were answered how.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// Route (its pattern, so that the number of series is bounded), method and status.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    method: String,
    status: u16,
}

/// Answers so far; clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    answered: Family<Answered, Counter>,
}

impl Requests {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("tikmeter_http_requests", "Requests answered", self.answered.clone());
    }
}

/// Counts the answer that the rest gives.
pub(crate) async fn count(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    let method = if request.method().is_safe() { "read" } else { "write" }.to_owned();
    let response = next.run(request).await;
    requests.answered.get_or_create(&Answered { route, method, status: response.status().as_u16() }).inc();
    response
}
