//! The endpoints.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{v1, watch};
use crate::state::ServerState;

/// The endpoint whose token may stand in the address, because it had no other place.
pub(crate) fn watch_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(watch::watch))
}

/// The other one.
pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(v1::live))
}
