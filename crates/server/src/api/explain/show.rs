//! GET /api/v1/explain

use axum::Json;
use operations::ExplainSubject;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::consistent::explanation;
use super::shape::{item, undone, undone_adoption};
use super::subject::{named, words};
use crate::api::entry_cursor;
use crate::api::model::explain::Explanation;
use crate::api::model::login_kind::LoginKind;
use crate::api::model::name::Name;
use crate::api::paging;
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(
            404,
            "No such router, login, subscriber or session, or nothing was ever counted for it.",
        )])
    }
}

/// Whose total, and which page of its entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// The router; alone: the octets on it that nobody could be given.
    router: Option<String>,
    /// The login on that router, as it gives it (`hex:` and digits for bytes that are not UTF-8).
    #[param(value_type = Option<String>)]
    username: Option<Name>,
    /// Only a login of this kind; absent: of every kind that has this name.
    #[param(inline)]
    kind: Option<LoginKind>,
    /// Username or id of a subscriber: its open cycle, or the one that `cycle` names.
    subscriber: Option<String>,
    /// Number of a cycle of that subscriber.
    #[param(minimum = 1)]
    cycle: Option<u32>,
    /// Number of a session on that router.
    session: Option<u64>,
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many entries the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Why a total is what it is: the entries it consists of, in the order of time.
#[utoipa::path(
    get,
    path = "/api/v1/explain",
    tag = "usage",
    params(Asked),
    responses((status = 200, description = "The total and a page of its entries", body = Explanation), Errors)
)]
pub(in crate::api) async fn explain(
    Within(state): Within,
    Query(asked): Query<Asked>,
) -> Result<Json<Explanation>, Problem> {
    let size = paging::size(asked.limit)?;
    let after = asked.cursor.as_deref().map(entry_cursor::read).transpose()?;
    let login = (asked.username, asked.kind);
    let subject = named(asked.router, login, asked.subscriber, asked.session, asked.cycle)?;
    let page = explanation(&state.operations, &subject, after, size).await?;
    let words = words(&subject);
    if page.lines.is_empty() && after.is_none() && matches!(subject, ExplainSubject::Login { .. }) {
        return Err(Problem::not_found(format!("Nothing was ever counted for {words}.")));
    }
    Ok(Json(Explanation {
        subject: words,
        notes: page
            .undone
            .iter()
            .map(undone)
            .chain(page.undone_adoptions.iter().map(undone_adoption))
            .collect(),
        upload_octets: page.total.input,
        download_octets: page.total.output,
        items: page.lines.into_iter().map(item).collect(),
        next: page.next.map(entry_cursor::write),
    }))
}
