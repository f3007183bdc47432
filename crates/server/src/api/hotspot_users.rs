//! GET /api/v1/hotspot-users

use axum::Json;
use operations::{RouterTraffic, UserQueue, UserTraffic};
use utoipa::IntoResponses;

use super::model::hotspot_user::{HotspotRouter, HotspotUser, HotspotUserQueue, HotspotUsers};
use super::model::name::Name;
use crate::auth::Within;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Users of the hotspots, with what they move now and what limits them. Asking has the routers looked at every
/// ten seconds for the next minute, and is answered at once with what they showed last: until a router was looked at with those of its
/// last reading.
#[utoipa::path(
    get,
    path = "/api/v1/hotspot-users",
    tag = "routers",
    operation_id = "list_hotspot_users",
    responses((status = 200, description = "Those who are logged in", body = HotspotUsers), Errors)
)]
pub(super) async fn list(Within(state): Within) -> Result<Json<HotspotUsers>, Problem> {
    let shown = state.operations.user_traffic().await?;
    let items = shown.iter().flat_map(users).collect();
    Ok(Json(HotspotUsers { items, routers: shown.into_iter().map(router).collect() }))
}

fn users(shown: &RouterTraffic) -> impl Iterator<Item = HotspotUser> {
    shown.users.iter().map(|one| user(one, shown))
}

fn user(one: &UserTraffic, shown: &RouterTraffic) -> HotspotUser {
    let rate = one.rate.filter(|_| shown.has_rates_of_now());
    HotspotUser {
        router: shown.router.clone(),
        username: Name((&*one.user).into()),
        calling_station_id: Name((&*one.mac).into()),
        uptime_seconds: one.uptime_s,
        upload_octets: one.octets.input,
        download_octets: one.octets.output,
        upload_bps: rate.map(|(up, _)| up),
        download_bps: rate.map(|(_, down)| down),
        queue: one.queue.map(queue),
    }
}

fn queue(queue: UserQueue) -> HotspotUserQueue {
    HotspotUserQueue {
        is_understood: queue.rate.is_some(),
        upload_bps: queue.rate.and_then(|rate| rate.up_bps),
        download_bps: queue.rate.and_then(|rate| rate.down_bps),
        upload_octets: queue.octets.map(|octets| octets.input),
        download_octets: queue.octets.map(|octets| octets.output),
    }
}

fn router(shown: RouterTraffic) -> HotspotRouter {
    let RouterTraffic { router, source, as_of, trouble, left_off, .. } = shown;
    HotspotRouter { router, source: source.as_str(), as_of: as_of.map(Into::into), trouble, left_off }
}
