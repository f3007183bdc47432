//! GET /api/v1/held

use axum::Json;
use serde::Deserialize;
use store::EntryRow;
use utoipa::{IntoParams, IntoResponses};

use crate::api::entry_cursor;
use crate::api::explain::shape::{text, value};
use crate::api::model::held::Held;
use crate::api::model::list::List;
use crate::api::model::name::Name;
use crate::api::paging;
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

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

/// Impossible jumps that wait for a decision, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/held",
    tag = "held",
    operation_id = "list_held",
    params(Asked),
    responses((status = 200, description = "A page of held entries", body = List<Held>), Errors)
)]
pub(in crate::api) async fn list(
    Within(state): Within,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Held>>, Problem> {
    let size = paging::size(asked.limit)?;
    let after = asked.cursor.as_deref().map(entry_cursor::read).transpose()?;
    let rows = state.operations.list_held(after, paging::one_more(size)).await.map_err(problem::in_query)?;
    Ok(Json(paging::page(rows, size, |row| entry_cursor::write(row.key()), held)))
}

fn held(row: EntryRow) -> Held {
    let entry = &row.entry;
    Held {
        text: text(&row),
        bucket: entry.bucket,
        no: entry.no,
        username: row.username.as_deref().map(Name::from),
        kind: row.kind.map(Into::into),
        session: entry.session,
        counter: row.counter_name.as_deref().map(Name::from),
        at_from: entry.from.into(),
        at_to: entry.to.into(),
        upload_octets: entry.delta.input,
        download_octets: entry.delta.output,
        counter_before: value(entry.before),
        counter_after: value(entry.after),
        router: row.router,
    }
}
