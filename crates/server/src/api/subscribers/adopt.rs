//! POST /api/v1/subscribers/{subscriber}/adopt

use utoipa::IntoResponses;

use crate::api::model::adoption::{Adopt, AdoptedLogin};
use crate::api::model::list::List;
use crate::api::model::name::Name;
use crate::auth::{Caller, Within};
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "No subscriber has this username or id."),
            (409, "There is nothing to adopt, or it was adopted before."),
        ])
    }
}

/// Adopts what the subscriber's logins used before they were bound, from a date on: it counts in the open cycle. The
/// entries themselves stay, and usage counts them where they are.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers/{subscriber}/adopt",
    tag = "subscribers",
    operation_id = "adopt",
    params(("subscriber" = String, Path, description = "Username or id")),
    request_body = Adopt,
    responses((status = 200, description = "What was adopted, in one page", body = List<AdoptedLogin>), Errors)
)]
pub(in crate::api) async fn adopt(
    Within(state): Within,
    Caller(caller): Caller,
    Path(key): Path<String>,
    Json(asked): Json<Adopt>,
) -> Result<axum::Json<List<AdoptedLogin>>, Problem> {
    let logins = state.operations.adopt(&caller.actor, &key, asked.from.0).await?;
    Ok(axum::Json(List::whole(logins.into_iter().map(adopted).collect())))
}

pub(super) fn adopted(one: store::AdoptedLogin) -> AdoptedLogin {
    AdoptedLogin {
        router: one.router,
        login: Name(one.login.into()),
        upload_octets: one.octets.input,
        download_octets: one.octets.output,
        entries: one.entries,
    }
}
