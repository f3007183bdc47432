//! What only admins may look at.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use store::Role;

use super::caller::Caller;
use crate::problem::Problem;

/// An authenticated admin: a viewer, who may look at anything else, is refused.
pub(crate) struct Admin;

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Caller(identity) = Caller::from_request_parts(parts, state).await?;
        match identity.role {
            Role::Admin => Ok(Admin),
            Role::Viewer => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "This shows what is worth money, and this token may only look at the rest. Use one made by `tikmeter token \
                 create --role admin`.",
            )),
        }
    }
}
