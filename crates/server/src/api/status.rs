//! GET /api/v1/status

use axum::Json;
use axum::extract::State;
use operations::{Phase, RouterStatus};
use utoipa::IntoResponses;

use crate::api::model::status::{RouterCounts, Status, StoreState, StoreStatus};
use crate::problem::{self, Declared, Problem};
use crate::state::{ServerState, VERSION};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// How the installation stands.
#[utoipa::path(
    get,
    path = "/api/v1/status",
    tag = "status",
    responses((status = 200, description = "The installation at a glance", body = Status), Errors)
)]
pub(super) async fn status(State(state): State<ServerState>) -> Result<Json<Status>, Problem> {
    let overview = state.operations.overview().await?;
    Ok(Json(Status {
        version: VERSION.to_owned(),
        simulated: state.simulated,
        started_at: state.started_at.into(),
        store: store_status(overview.store_stalled, &state.operations.board.all()),
        routers: RouterCounts {
            total: number(overview.routers),
            online: number(overview.routers_online),
            trouble: number(overview.routers_in_trouble),
        },
        subscribers: overview.subscribers,
    }))
}

/// That it answers is known when this is asked; whether it takes readings, the routers' actors know.
fn store_status(stalled: bool, routers: &[RouterStatus]) -> StoreStatus {
    if !stalled {
        return StoreStatus { state: StoreState::Ok, message: None };
    }
    let told = routers.iter().find(|router| router.phase == Phase::StoreStalled);
    StoreStatus { state: StoreState::Stalled, message: told.and_then(|router| router.message.clone()) }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use accounting::time::Micros;
    use store::NasId;

    use super::*;

    #[test]
    fn a_stalled_router_shows_as_a_stalled_store() {
        let well = RouterStatus::new(NasId(1), Micros(0));
        let mut stalled = RouterStatus::new(NasId(2), Micros(0));
        stalled.enter(Phase::StoreStalled, Some("The disk is full.".into()), Micros(1));
        assert_eq!(store_status(false, std::slice::from_ref(&well)).state, StoreState::Ok);
        let told = store_status(true, &[well, stalled]);
        assert_eq!((told.state, told.message.as_deref()), (StoreState::Stalled, Some("The disk is full.")));
    }
}
