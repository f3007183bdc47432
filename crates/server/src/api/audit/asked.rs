//! Which acts are asked for.

use serde::Deserialize;
use store::AuditQuery;
use utoipa::IntoParams;

use crate::api::model::time::Time;

/// Which acts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Which {
    /// Only by this operator or token, exactly.
    actor: Option<String>,
    /// Only this act, exactly.
    #[param(example = "router.add")]
    action: Option<String>,
    /// Only what was done to this one, exactly: a router's name, a username.
    #[param(example = "tower")]
    subject: Option<String>,
    /// Only from this instant on.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Time>,
    /// Only before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Time>,
}

/// Which acts, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// Only by this operator or token, exactly.
    actor: Option<String>,
    /// Only this act, exactly.
    #[param(example = "router.add")]
    action: Option<String>,
    /// Only what was done to this one, exactly: a router's name, a username.
    #[param(example = "tower")]
    subject: Option<String>,
    /// Only from this instant on.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Time>,
    /// Only before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Time>,
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

impl Asked {
    /// Which, the cursor, and how many.
    pub(super) fn parts(self) -> (Which, Option<String>, Option<u32>) {
        let Asked { actor, action, subject, from, to, cursor, limit } = self;
        (Which { actor, action, subject, from, to }, cursor, limit)
    }
}

impl Which {
    /// At most so many of them, those before that place in the journal.
    pub(super) fn query(self, before: Option<u64>, limit: u32) -> AuditQuery {
        let Which { actor, action, subject, from, to } = self;
        let (since, until) = (from.map(|at| at.0), to.map(|at| at.0));
        AuditQuery { actor, action, subject, since, until, before, limit, ..AuditQuery::default() }
    }
}
