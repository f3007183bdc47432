//! All routes, and what happens around every request.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::TraceLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::hidden_codes::hide_logins;
use crate::api::openapi::DocumentText;
use crate::auth::{guard, guard_or_in_address, guard_or_in_protocol, guard_unless_local};
use crate::layers::{acting_from, limits, origin, panics, response_headers, traced, transport};
use crate::metrics::scrape;
use crate::problem::Problem;
use crate::state::ServerState;
use crate::{admin, api, compat, health, live, metrics, page};

/// Everything the server answers. [`crate::serve()`] serves it; tests call it directly.
pub fn router(state: ServerState) -> Router {
    let routes = if state.only_machines { for_machines(&state) } else { for_people(&state) };
    routes
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(state.requests.clone(), metrics::count))
        .layer(from_fn(origin::check))
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .layer(CatchPanicLayer::custom(panics::answer))
        .layer(from_fn(compat::in_their_words))
        .layer(from_fn_with_state(state.simulated, response_headers::simulated))
        .layer(from_fn(response_headers::security))
        .layer(from_fn_with_state(state.proxies.clone(), transport::note))
        .layer(from_fn_with_state(state.proxies.clone(), acting_from::note))
        .layer(TraceLayer::new_for_http().make_span_with(traced::span))
        .with_state(state)
}

fn for_people(state: &ServerState) -> Router<ServerState> {
    let (router, document) = documented(state).split_for_parts();
    let text = document.to_json().expect("a document of plain strings and numbers is always JSON");
    router
        .merge(page::routes())
        .merge(admin::routes())
        .fallback(nothing_here)
        .layer(Extension(DocumentText(text.into())))
}

/// What a process answers that only polls.
fn for_machines(state: &ServerState) -> Router<ServerState> {
    let (router, _) = told_to_machines(state).split_for_parts();
    router.fallback(only_polls)
}

/// The OpenAPI document, made from the handlers.
pub fn openapi() -> OpenApi {
    let beginning = OpenApiRouter::with_openapi(api::openapi::beginning());
    let all = beginning
        .merge(open())
        .merge(scraped())
        .merge(api::open_routes())
        .merge(api::routes())
        .merge(api::slow_routes())
        .merge(compat::routes())
        .merge(compat::slow_routes())
        .merge(live::routes::watch_routes())
        .merge(live::routes::routes());
    all.into_openapi()
}

fn documented(state: &ServerState) -> OpenApiRouter<ServerState> {
    let guarded = || from_fn_with_state(state.clone(), guard);
    // Inside of that: it has to be known who reads.
    let hidden = || from_fn_with_state(state.clone(), hide_logins);
    let in_address = from_fn_with_state(state.clone(), guard_or_in_address);
    let in_protocol = from_fn_with_state(state.clone(), guard_or_in_protocol);
    let within = |limit| from_fn_with_state(limit, limits::time_limit);
    told_to_machines(state)
        .merge(api::open_routes().layer(within(limits::ORDINARY)))
        .merge(api::routes().route_layer(hidden()).route_layer(guarded()).layer(within(limits::ORDINARY)))
        .merge(api::slow_routes().route_layer(hidden()).route_layer(guarded()).layer(within(limits::VERIFY)))
        .merge(
            compat::slow_routes().route_layer(hidden()).route_layer(guarded()).layer(within(limits::VERIFY)),
        )
        .merge(compat::routes().route_layer(hidden()).route_layer(guarded()).layer(within(limits::ORDINARY)))
        .merge(live::routes::routes().route_layer(in_protocol).layer(within(limits::ORDINARY)))
        .merge(live::routes::watch_routes().route_layer(in_address).layer(within(limits::ORDINARY)))
}

fn told_to_machines(state: &ServerState) -> OpenApiRouter<ServerState> {
    let local = from_fn_with_state(state.clone(), guard_unless_local);
    let ordinary = || from_fn_with_state(limits::ORDINARY, limits::time_limit);
    OpenApiRouter::with_openapi(api::openapi::beginning())
        .merge(open().layer(ordinary()))
        .merge(scraped().route_layer(local).layer(ordinary()))
}

fn open() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(health::healthz)).routes(routes!(health::readyz))
}

fn scraped() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(scrape::metrics))
}

async fn nothing_here() -> Problem {
    Problem::not_found("Nothing is at this address. /api/openapi.json lists all there is.")
}

async fn only_polls() -> Problem {
    Problem::not_found(
        "This process only polls routers; ask one that runs with --role api or all. Here are /healthz, /readyz and /metrics.",
    )
}

async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address does not take that method; nothing was changed. /api/openapi.json lists which it takes.",
    )
}
