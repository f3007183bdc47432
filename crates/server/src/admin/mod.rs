//! The web admin under `/admin`, from this binary. It holds no data: it signs in and then uses the API like any other client,
//! and is public for that reason. A binary that was built without it says how to build it.

mod answer;
mod files;

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

/// The pages and what they load. Addresses of the API below `/admin/api` are more exact and go before.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/admin", get(start))
        .route("/admin/", get(start))
        .route("/admin/{*path}", get(anything))
}

async fn start(headers: HeaderMap) -> Response {
    answer::answer(files::ALL, "", &headers)
}

async fn anything(Path(path): Path<String>, headers: HeaderMap) -> Response {
    answer::answer(files::ALL, &path, &headers)
}
