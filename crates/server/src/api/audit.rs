//! GET /api/v1/audit

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use store::{AuditQuery, AuditRecord};
use utoipa::{IntoParams, IntoResponses};

use crate::api::hidden_codes::{Candidates, HiddenCodes, texts_of};
use crate::api::model::audit::AuditRow;
use crate::api::model::list::List;
use crate::api::paging;
use crate::auth::Caller;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Which acts, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only by this operator or token, exactly.
    actor: Option<String>,
    /// Only this act, exactly.
    #[param(example = "router.add")]
    action: Option<String>,
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Who did what, newest first. A viewer reads the first two signs of vouchers' codes.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    tag = "audit",
    operation_id = "list_audit",
    params(Asked),
    responses((status = 200, description = "A page of the trail", body = List<AuditRow>), Errors)
)]
pub(super) async fn list(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<List<AuditRow>>, Problem> {
    let size = paging::size(asked.limit)?;
    let query = AuditQuery {
        actor: asked.actor,
        action: asked.action,
        before: asked.cursor.as_deref().map(read_cursor).transpose()?,
        limit: paging::one_more(size),
    };
    let rows = state.operations.audit(query).await.map_err(problem::in_query)?;
    let mut page = paging::page(rows, size, |row| row.seq.to_string(), audit_row);
    let texts = page.items.iter().flat_map(|row| texts_of(&row.detail).into_iter().chain([&*row.subject]));
    let candidates = Candidates::in_texts(&caller, texts);
    let codes = HiddenCodes::of(&state.operations, candidates).await?;
    for row in &mut page.items {
        row.subject = codes.out_of(&row.subject);
        codes.out_of_value(&mut row.detail);
    }
    Ok(Json(page))
}

fn read_cursor(cursor: &str) -> Result<u64, Problem> {
    let [seq] = paging::numbers(cursor)?;
    paging::unsigned(seq)
}

fn audit_row(row: AuditRecord) -> AuditRow {
    AuditRow {
        seq: row.seq,
        at: row.act.at.into(),
        actor: row.act.actor,
        action: row.act.action,
        subject: row.act.subject,
        detail: detail(&row.act.detail),
    }
}

/// The store keeps an object as text; a text that is none is told all the same.
fn detail(text: &str) -> serde_json::Value {
    match serde_json::from_str(text) {
        Ok(object @ serde_json::Value::Object(_)) => object,
        _ => serde_json::json!({ "text": text }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_is_always_an_object() {
        assert_eq!(detail(r#"{"port":8728}"#), serde_json::json!({"port": 8728}));
        assert_eq!(detail("oops"), serde_json::json!({"text": "oops"}));
    }
}
