//! POST /api/v1/subscribers.csv

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use operations::{ImportFault, ImportReport};
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::upload::Upload;
use crate::api::model::import::{Fault, ImportRefused, Imported};
use crate::auth::Caller;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (409, "Another import is being made, or somebody changed the same subscribers meanwhile."),
            (413, "The file is larger than 32 MiB."),
            (415, "The file is not declared as `text/csv`."),
        ])
    }
}

/// How to import.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// Only tell what would happen.
    #[serde(default)]
    #[param(required = false, default = false)]
    dry_run: bool,
}

/// Imports a CSV file of subscribers, all of it or nothing. The first row names the columns, in any order: `username`
/// must be there, `id`, `name`, `login`, `scope`, `service`, `plan`, `status`, `expiry_at`, `zone` and `note` may. Who
/// is not known by username is added; who is gets the values of the columns that are there, an empty cell meaning none,
/// and is not renewed whatever its date. Importing a file twice changes nothing the second time. Each router on which a
/// static address is to be counted is looked at once, for 5 seconds at most, as it is when one is added.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers.csv",
    tag = "subscribers",
    operation_id = "import_subscribers",
    params(Asked),
    request_body(content = String, content_type = "text/csv", description = "The file: UTF-8, 32 MiB and 200,000 rows at most"),
    responses(
        (status = 200, description = "What it came to", body = Imported),
        (status = 422, description = "The file has faults; nothing was imported", body = ImportRefused,
            content_type = "application/problem+json"),
        Errors
    )
)]
pub(in crate::api) async fn import(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Query(asked): Query<Asked>,
    Upload { file, turn }: Upload,
) -> Result<Response, Problem> {
    let imported = state.operations.import_subscribers(&caller.actor, file, asked.dry_run).await;
    drop(turn);
    let report = imported?;
    match report.faults_total {
        0 => Ok(Json(taken(report, asked.dry_run)).into_response()),
        _ => Ok(refused(report)),
    }
}

/// What came of a file without faults.
pub(in crate::api) fn taken(report: ImportReport, dry_run: bool) -> Imported {
    let ImportReport { rows, new, changed, same, unchecked, unchecked_total, .. } = report;
    Imported { dry_run, rows, new, changed, same, unchecked: places(unchecked), unchecked_total }
}

fn places(faults: Vec<ImportFault>) -> Vec<Fault> {
    let place = |fault: ImportFault| Fault { row: fault.row, column: fault.column, detail: fault.said };
    faults.into_iter().map(place).collect()
}

/// What is answered of a file with faults.
pub(in crate::api) fn refused(report: ImportReport) -> Response {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let body = ImportRefused {
        kind: "about:blank",
        title: "Unprocessable Entity",
        status: status.as_u16(),
        detail: sentence(&report),
        rows: report.rows,
        faults_total: report.faults_total,
        faults: places(report.faults),
    };
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(problem::MEDIA_TYPE));
    response
}

fn sentence(report: &ImportReport) -> String {
    let faults = match report.faults_total {
        1 => "there is 1 fault in it".to_owned(),
        total => format!("there are {total} faults in it"),
    };
    let first = report.faults.first().map(|fault| {
        let column = fault.column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default();
        format!("; row {}{column}: {}", fault.row, fault.said)
    });
    format!(
        "Nothing of the file was imported: {faults}{}. Correct the file and import it again.",
        first.unwrap_or_default()
    )
}
