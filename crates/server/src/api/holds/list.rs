//! GET /api/v1/holds

use axum::Json;
use utoipa::IntoResponses;

use super::shape::hold;
use crate::api::model::hold::Hold;
use crate::api::model::list::List;
use crate::auth::Within;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Who is kept out of a router after their session was ended, all on one page.
#[utoipa::path(
    get,
    path = "/api/v1/holds",
    tag = "routers",
    operation_id = "list_holds",
    responses((status = 200, description = "All that are wanted, or not undone yet", body = List<Hold>), Errors)
)]
pub(in crate::api) async fn list(Within(state): Within) -> Result<Json<List<Hold>>, Problem> {
    let holds = state.operations.list_holds().await?;
    Ok(Json(List::whole(holds.into_iter().map(hold).collect())))
}
