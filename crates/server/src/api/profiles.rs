//! GET /api/v1/profiles

use axum::Json;
use axum::extract::State;
use operations::{ProfileView, ProfilesSeen};
use serde_json::Value;
use utoipa::IntoResponses;

use super::model::profile::{ProfileConflict, ProfileStanding, Profiles};
use crate::problem::{self, Declared};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// How the file of profiles stands that gives plans: what is wrong with it, and which plans somebody changed by hand since.
#[utoipa::path(
    get,
    path = "/api/v1/profiles",
    tag = "plans",
    operation_id = "list_profiles",
    responses((status = 200, description = "All profiles on one page", body = Profiles), Errors)
)]
pub(super) async fn list(State(state): State<ServerState>) -> Json<Profiles> {
    Json(state.profiles.seen().map(shape).unwrap_or_default())
}

fn shape(seen: ProfilesSeen) -> Profiles {
    Profiles {
        file: Some(seen.file),
        as_of: seen.taken_at.map(Into::into),
        trouble: seen.trouble,
        items: seen.profiles.into_iter().map(standing).collect(),
    }
}

fn standing(view: ProfileView) -> ProfileStanding {
    let conflicts = view.conflicts.into_iter().map(|conflict| ProfileConflict {
        field: conflict.field.to_owned(),
        file: text(conflict.file),
        plan: text(conflict.plan),
    });
    ProfileStanding { name: view.name, conflicts: conflicts.collect() }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}
