//! Which history is asked for.

use operations::{HistoryRequest, Step, UsageRequest};
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use crate::api::model::history::StepLength;
use crate::api::model::name::Name;
use crate::api::model::time::Time;
use crate::problem::{self, Declared};

/// The problems of both endpoints.
pub(super) struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No subscriber has this username or id, or no router of this name ever was.")])
    }
}

/// Which history.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// How long the steps are: `15m`, `hour` or `day`; absent: days.
    #[param(inline)]
    step: Option<StepLength>,
    /// The zone whose hours and days they are, like `Asia/Manila`; absent: UTC.
    zone: Option<String>,
    /// Only on this router; a removed one keeps its name and history.
    router: Option<String>,
    /// Only of this login, as the router gives it (`hex:` and digits for bytes that are not UTF-8).
    #[param(value_type = Option<String>)]
    username: Option<Name>,
    /// Only what counted for the subscriber with this username or id.
    subscriber: Option<String>,
    /// Only from the step on that holds this instant; absent: the last 24 hours of quarters, 48 hours or 31 days for a
    /// history, all time for an export.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Time>,
    /// Only up to the step that ends at or after this instant; absent: now.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Time>,
}

impl Asked {
    /// The step's length and the zone, as they are told back.
    pub(super) fn calendar(&self) -> (StepLength, String) {
        (self.step.unwrap_or_default(), self.zone.clone().unwrap_or_else(|| "UTC".to_owned()))
    }
}

impl From<Asked> for HistoryRequest {
    fn from(asked: Asked) -> Self {
        let (step, zone) = asked.calendar();
        let usage = UsageRequest {
            from: asked.from.map(|from| from.0),
            to: asked.to.map(|to| to.0),
            router: asked.router,
            username: asked.username.map(|name| name.0.into()),
            subscriber: asked.subscriber,
        };
        HistoryRequest { usage, step: length(step), zone }
    }
}

fn length(step: StepLength) -> Step {
    match step {
        StepLength::Quarter => Step::Quarter,
        StepLength::Hour => Step::Hour,
        StepLength::Day => Step::Day,
    }
}
