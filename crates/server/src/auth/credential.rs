//! With what somebody came.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use operations::{Identity, OperationError, Operations};
use secrecy::{ExposeSecret, SecretString};

use super::caller::unguarded;
use crate::problem::Problem;

/// With what somebody came; who stays for long is looked up by it again.
#[derive(Clone)]
pub(crate) enum Credential {
    /// An API token.
    Token(SecretString),
    /// What the cookie of a browser holds.
    SignIn(SecretString),
}

impl Credential {
    /// Who that is now; `None` when it is unknown or has ended.
    pub(crate) async fn identity(&self, operations: &Operations) -> Result<Option<Identity>, OperationError> {
        match self {
            Credential::Token(token) => operations.authenticate(token.expose_secret()).await,
            Credential::SignIn(secret) => operations.signed_in(secret.expose_secret()).await,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Credential {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Credential>().cloned().ok_or_else(unguarded)
    }
}
