//! A JSON body as those tools took it.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::extract;
use crate::problem::Problem;

/// A JSON body. One that cannot be taken for what is wanted is a bad request there, not 422 as in `/api/v1`.
pub(super) struct Body<T>(pub(super) T);

impl<S, T> FromRequest<S> for Body<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let taken = extract::Json::from_request(request, state).await;
        taken.map(|extract::Json(value)| Body(value)).map_err(Problem::malformed)
    }
}
