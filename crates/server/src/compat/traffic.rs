//! GET /admin/api/user-traffic: what users of the hotspot move and what limits them, as the piso-net tool answered it.

use axum::Json;
use operations::{RouterTraffic, TrafficSource, UserQueue};
use store::RateLimit;
use utoipa::IntoResponses;

use super::errors::declared_done;
use crate::api::model::compat_traffic::{TrafficRouter, UserTraffic, UserTrafficList};
use crate::api::model::name::Name;
use crate::auth::Within;
use crate::problem::{self, Declared, Problem};
use crate::text::{limit, volume};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        declared_done(problem::read(&[]))
    }
}

/// Users of the hotspots. Asking has the routers looked at every ten seconds for the next minute, and is
/// answered at once with what they showed last: until a router was looked at with those of its last reading, whose rates are null.
#[utoipa::path(
    get,
    path = "/admin/api/user-traffic",
    tag = "compat",
    operation_id = "compat_user_traffic",
    responses((status = 200, description = "Those who are logged in", body = UserTrafficList), Errors)
)]
pub(super) async fn list(Within(state): Within) -> Result<Json<UserTrafficList>, Problem> {
    let shown = state.operations.user_traffic().await?;
    let users = shown.iter().flat_map(users_of).collect();
    Ok(Json(UserTrafficList { success: true, users, routers: shown.into_iter().map(router).collect() }))
}

fn users_of(shown: &RouterTraffic) -> impl Iterator<Item = UserTraffic> {
    shown.users.iter().map(|one| user(one, shown))
}

fn user(one: &operations::UserTraffic, shown: &RouterTraffic) -> UserTraffic {
    let rate = one.rate.filter(|_| shown.has_rates_of_now());
    let queue = one.queue.and_then(|queue| queue.octets);
    UserTraffic {
        user: Name((&*one.user).into()),
        mac: Name((&*one.mac).into()),
        router: shown.router.clone(),
        uptime: one.uptime_s,
        bytes_in: one.octets.input,
        bytes_out: one.octets.output,
        bytes_in_formatted: volume(one.octets.input),
        bytes_out_formatted: volume(one.octets.output),
        rate_in: rate.map(|(up, _)| up.to_string()),
        rate_out: rate.map(|(_, down)| down.to_string()),
        max_limit: match shown.source {
            TrafficSource::Router => max_limit(one.queue),
            TrafficSource::Books => None,
        },
        queue_bytes_in: queue.map(|octets| octets.input),
        queue_bytes_out: queue.map(|octets| octets.output),
        queue_bytes_in_formatted: queue.map(|octets| volume(octets.input)),
        queue_bytes_out_formatted: queue.map(|octets| volume(octets.output)),
    }
}

fn max_limit(queue: Option<UserQueue>) -> Option<String> {
    let rate = queue.map_or(Some(RateLimit::default()), |queue| queue.rate)?;
    if rate == RateLimit::default() {
        return Some("Unlimited".to_owned());
    }
    // As routers take it: 0 is no limit.
    let [up, down] = [rate.up_bps, rate.down_bps].map(|bps| limit(bps.unwrap_or(0)));
    Some(format!("{up}/{down}"))
}

fn router(shown: RouterTraffic) -> TrafficRouter {
    let RouterTraffic { router, source, as_of, age_s, trouble, left_off, .. } = shown;
    TrafficRouter { router, source: source.as_str(), as_of: as_of.map(Into::into), age_s, trouble, left_off }
}
