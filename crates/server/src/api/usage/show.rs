//! GET /api/v1/usage

use axum::Json;
use operations::UsageRequest;
use serde::Deserialize;
use store::{UsagePlace, UsageRow};
use utoipa::{IntoParams, IntoResponses};

use super::shape::item;
use crate::api::model::list::List;
use crate::api::model::name::Name;
use crate::api::model::time::Time;
use crate::api::model::usage::Usage;
use crate::api::paging;
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

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
    /// Items of a page, 1 to 10,000; absent: 1,000.
    #[param(minimum = 1, maximum = 10_000)]
    limit: Option<u32>,
    /// Where to read on: `next` of the page before. What is counted meanwhile is in the pages that follow.
    cursor: Option<String>,
}

/// Items of a page when nobody asks for a number: the whole of a small town.
const USUAL: u32 = 1_000;
/// Items of a page at most.
const MOST: u32 = 10_000;

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
    Within(state): Within,
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
    let size = paging::size_within(asked.limit, USUAL, MOST)?;
    let after = asked.cursor.as_deref().map(read_cursor).transpose()?;
    let most = usize::try_from(paging::one_more(size)).unwrap_or(usize::MAX);
    let report = state.operations.usage_page(request, after, most).await.map_err(problem::in_query)?;
    let List { items, next } = paging::page(report.rows, size, write_cursor, item);
    Ok(Json(Usage {
        from: report.from.map(Into::into),
        to: report.to.into(),
        detail_from: report.detail_from.map(Into::into),
        items,
        next,
    }))
}

/// Names no login: a viewer, who is shown the first signs of one that is a voucher's code, is handed it too.
fn write_cursor(row: &UsageRow) -> String {
    let UsagePlace { router, login } = row.place();
    serde_json::json!([router, login]).to_string()
}

fn read_cursor(cursor: &str) -> Result<UsagePlace, Problem> {
    let (router, login) = serde_json::from_str(cursor).map_err(|_| paging::unknown())?;
    Ok(UsagePlace { router, login })
}
