//! GET /api/v1/subscribers

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::shape::subscriber;
use crate::api::model::list::List;
use crate::api::model::subscriber::Subscriber;
use crate::api::paging;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Subscribers by username, with their open cycles.
#[utoipa::path(
    get,
    path = "/api/v1/subscribers",
    tag = "subscribers",
    operation_id = "list_subscribers",
    params(Asked),
    responses((status = 200, description = "A page of subscribers", body = List<Subscriber>), Errors)
)]
pub(in crate::api) async fn list(
    State(state): State<ServerState>,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Subscriber>>, Problem> {
    let size = paging::size(asked.limit)?;
    let after = asked.cursor.as_deref();
    let rows = state.operations.list_subscribers(after, paging::one_more(size)).await?;
    Ok(Json(paging::page(rows, size, |row| row.subscriber.username.clone(), subscriber)))
}
