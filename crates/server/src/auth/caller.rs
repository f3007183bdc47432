//! Who a handler acts for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use operations::Identity;

use crate::problem::Problem;

/// The authenticated caller. Only [`super::guard()`] puts one into a request: a route it does not guard answers 500
/// instead of acting for nobody.
pub(crate) struct Caller(pub(crate) Identity);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let identity = parts.extensions.get::<Identity>().cloned();
        identity.map(Caller).ok_or_else(unguarded)
    }
}

/// Nobody asked who this is.
pub(super) fn unguarded() -> Problem {
    Problem::internal("Nothing was changed: this address is not guarded, which is a fault of this program.")
}
