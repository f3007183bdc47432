//! GET /api/v1/audit

use axum::Json;
use utoipa::IntoResponses;

use super::asked::Asked;
use super::shape::{audit_row, hide_codes};
use crate::api::model::audit::AuditRow;
use crate::api::model::list::List;
use crate::api::paging;
use crate::auth::{Caller, Within};
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Who did what, newest first. Whoever is bound to groups of routers is told the acts that name a router or a subscriber of theirs. A
/// viewer reads the first two signs of vouchers' codes.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    tag = "audit",
    operation_id = "list_audit",
    params(Asked),
    responses((status = 200, description = "A page of the trail", body = List<AuditRow>), Errors)
)]
pub(in crate::api) async fn list(
    Within(state): Within,
    Caller(caller): Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<List<AuditRow>>, Problem> {
    let (which, cursor, limit) = asked.parts();
    let size = paging::size(limit)?;
    let before = cursor.as_deref().map(read_cursor).transpose()?;
    let rows = state.operations.audit(which.query(before, paging::one_more(size))).await;
    let mut page = paging::page(rows.map_err(problem::in_query)?, size, |row| row.seq.to_string(), audit_row);
    hide_codes(&state.operations, &caller, &mut page.items).await?;
    Ok(Json(page))
}

fn read_cursor(cursor: &str) -> Result<u64, Problem> {
    let [seq] = paging::numbers(cursor)?;
    paging::unsigned(seq)
}
