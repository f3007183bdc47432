//! All that the portal answers, and what happens around every request. Nothing of the API or of the operators' pages is here.

use std::any::Any;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use super::page::Page;
use super::spoken::said;
use super::state::PortalState;
use super::texts::Text;
use super::unsaid::without_codes;
use super::{activate, captive, end_session, language, quick, show, status};
use crate::layers::{acting_from, limits, origin};
use crate::proxies::Proxies;

/// A code, a key and a seal are far shorter.
const BODY_BYTES: usize = 4 * 1024;

/// Everything the portal answers. [`super::serve_portal`] serves it; tests call it directly.
///
/// Addresses are not logged, as codes stand in some of them.
pub fn portal(state: PortalState) -> Router {
    let app = Router::new()
        .route("/", get(|| std::future::ready(Redirect::to("/portal"))))
        .route("/portal", get(show::show))
        .route("/activate", post(activate::activate))
        .route("/move", post(activate::move_here))
        .route("/end-session", post(end_session::end_session))
        .route("/api/activate-quick", post(quick::activate_quick))
        .route("/api/status/{whose}", get(status::status));
    // RFC 8908 wants TLS, and so do the keys.
    let app = match state.certificate {
        Some(_) => app.route("/api/captive/{router}", get(captive::captive)).layer(map_response(secret)),
        None => app,
    };
    app.fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(origin::check))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(limits::ORDINARY, limits::time_limit))
        .layer(CatchPanicLayer::custom(broken))
        .layer(from_fn(language::listen))
        // No header says another address here: devices stand behind no proxy of ours.
        .layer(from_fn_with_state(Proxies::default(), acting_from::note))
        .layer(from_fn(safe))
        .with_state(state)
}

/// Browsers keep what they got over TLS from going out without it.
async fn secret(mut answer: Response) -> Response {
    for (_, cookie) in answer.headers_mut().iter_mut().filter(|(name, _)| *name == SET_COOKIE) {
        let whole = [cookie.as_bytes(), b"; Secure"].concat();
        *cookie = HeaderValue::try_from(whole).expect("a header with some more letters is one");
    }
    answer
}

async fn nothing_here(uri: Uri) -> Response {
    told(&uri, StatusCode::NOT_FOUND, Text::NothingHere)
}

async fn wrong_method(uri: Uri) -> Response {
    told(&uri, StatusCode::METHOD_NOT_ALLOWED, Text::WrongMethod)
}

fn told(uri: &Uri, status: StatusCode, text: Text) -> Response {
    if uri.path().starts_with("/api/") {
        return said(status, false, text);
    }
    Page::message(status, Text::NotHere, text.told()).into_response()
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is tower-http's")]
fn broken(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(panic = without_codes(text), "a request to the portal hit a fault of this program");
    Page::message(StatusCode::INTERNAL_SERVER_ERROR, Text::NotNow, Text::Broken.told()).into_response()
}

/// Nothing is stored, sniffed or framed. Our own forms have to say where they come from, or browsers of before 2023 would be taken for
/// other sites' pages: so the referrer goes to this server, and to no other.
async fn safe(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(nothing);
    answer
}
