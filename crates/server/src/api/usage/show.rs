//! GET /api/v1/usage

use axum::Json;
use axum::extract::State;
use operations::UsageRequest;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::shape::item;
use crate::api::model::name::Name;
use crate::api::model::time::Time;
use crate::api::model::usage::Usage;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No subscriber has this username or id, or no router of this name ever was.")])
    }
}

/// Which usage.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// What one item stands for; only `router,username`.
    #[param(inline)]
    by: Option<Grouping>,
    /// Only on this router; a removed one keeps its name and history.
    router: Option<String>,
    /// Only of this login, as the router gives it (`hex:` and digits for bytes that are not UTF-8).
    #[param(value_type = Option<String>)]
    username: Option<Name>,
    /// Only what counted for the subscriber with this username or id.
    subscriber: Option<String>,
    /// Only from this instant on; absent: all time.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Time>,
    /// Only before this instant; absent: now.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Time>,
}

/// What one item stands for.
#[derive(Deserialize, utoipa::ToSchema)]
enum Grouping {
    #[serde(rename = "router,username")]
    RouterAndUsername,
}

/// What was used within [from, to), per router and login. The edges are moved outward to 15 minutes and told.
#[utoipa::path(
    get,
    path = "/api/v1/usage",
    tag = "usage",
    params(Asked),
    responses((status = 200, description = "The totals", body = Usage), Errors)
)]
pub(in crate::api) async fn usage(
    State(state): State<ServerState>,
    Query(asked): Query<Asked>,
) -> Result<Json<Usage>, Problem> {
    let (None | Some(Grouping::RouterAndUsername)) = asked.by;
    let request = UsageRequest {
        from: asked.from.map(|from| from.0),
        to: asked.to.map(|to| to.0),
        router: asked.router,
        username: asked.username.map(|name| name.0.into()),
        subscriber: asked.subscriber,
    };
    let report = state.operations.usage(request).await.map_err(problem::in_query)?;
    let items = report.rows.into_iter().map(item).collect();
    Ok(Json(Usage {
        from: report.from.map(Into::into),
        to: report.to.into(),
        detail_from: report.detail_from.map(Into::into),
        items,
        next: None,
    }))
}
