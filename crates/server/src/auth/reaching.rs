//! What is served, to whoever reaches only some routers.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use operations::Identity;

use super::caller::unguarded;
use crate::problem::Problem;
use crate::state::ServerState;

/// What a rule says of whoever is bound to groups of routers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Nothing here is of any router, or it is one's own account: it is as for everybody.
    Everywhere,
    /// The handler takes [`Within`], and tells of and touches only what is on routers that are reached.
    Bounded,
    /// It is about all routers at once, or could not be parted yet: refused.
    WholeOnly,
}

/// The state of the server as whoever asks may see it: its operations find no router, session or subscriber that they do not reach.
pub(crate) struct Within(pub(crate) ServerState);

impl FromRequestParts<ServerState> for Within {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Identity>().ok_or_else(unguarded)?;
        let state = state.clone();
        if caller.reach.is_everything() {
            return Ok(Within(state));
        }
        let operations = Arc::new(state.operations.within(caller.reach.clone(), &caller.actor));
        Ok(Within(ServerState { operations, ..state }))
    }
}

/// Refuses what is about all routers to whoever does not reach all.
pub(super) fn check(caller: &Identity, scope: Scope) -> Result<(), Problem> {
    if scope != Scope::WholeOnly || caller.reach.is_everything() {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        format!(
            "Nothing was changed: this is about all routers, and who comes is bound to the routers of {}. Somebody who is bound to no \
             group can do it.",
            caller.reach.in_words()
        ),
    ))
}
