//! GET /api/v1/unknown-logins

use axum::Json;
use serde::Deserialize;
use store::{UnknownLogin as Row, UnknownLoginQuery};
use utoipa::{IntoParams, IntoResponses};

use crate::api::model::list::List;
use crate::api::model::name::Name;
use crate::api::model::unknown_login::UnknownLogin;
use crate::api::paging;
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No router has this name.")])
    }
}

/// Of which router, and which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only of this router.
    router: Option<String>,
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Logins seen on routers that are no subscriber's there, by kind and name, with what they used that counts in no cycle.
#[utoipa::path(
    get,
    path = "/api/v1/unknown-logins",
    tag = "subscribers",
    operation_id = "list_unknown_logins",
    params(Asked),
    responses((status = 200, description = "A page of logins", body = List<UnknownLogin>), Errors)
)]
pub(super) async fn list(
    Within(state): Within,
    Query(asked): Query<Asked>,
) -> Result<Json<List<UnknownLogin>>, Problem> {
    let size = paging::size(asked.limit)?;
    let query = UnknownLoginQuery {
        router: asked.router,
        after: asked.cursor.as_deref().map(read_cursor).transpose()?,
        limit: paging::one_more(size),
        ..UnknownLoginQuery::default()
    };
    let rows = state.operations.unknown_logins(query).await.map_err(problem::in_query)?;
    Ok(Json(paging::page(rows, size, |row| row.id.to_string(), unknown)))
}

fn read_cursor(cursor: &str) -> Result<i64, Problem> {
    let [row] = paging::numbers(cursor)?;
    Ok(row)
}

fn unknown(row: Row) -> UnknownLogin {
    UnknownLogin {
        router: row.router,
        login: Name(row.name.into()),
        kind: row.kind.into(),
        service: row.service.map(|service| service.as_str().to_owned()),
        upload_octets: row.octets.input,
        download_octets: row.octets.output,
        first_seen_at: row.first_seen_at.into(),
        last_seen_at: row.last_seen_at.into(),
        sessions_open: row.sessions_open,
    }
}
