//! Why an operation came to nothing, towards clients.

use axum::http::StatusCode;
use operations::{OperationError, RouterCommandError};
use store::Named;

use super::answer::Problem;

impl From<OperationError> for Problem {
    fn from(error: OperationError) -> Self {
        let sentence = error.to_string();
        match error {
            OperationError::Invalid(_) => Problem::invalid(sentence),
            OperationError::Conflict(_) => Problem::conflict(sentence),
            OperationError::NotFound(_) => Problem::not_found(sentence),
            OperationError::Forbidden(_) => Problem::new(StatusCode::FORBIDDEN, sentence),
            OperationError::NoSuch(named) => Problem::names_nothing(field_of(&named), sentence),
            OperationError::Router(error) => Problem::new(status_of(&error), sentence),
            OperationError::Vault(_) | OperationError::Store(_) => {
                tracing::error!(%error, "a request could not be answered");
                Problem::unavailable(sentence)
            }
        }
    }
}

/// A router that fails is no failure of this server: whoever watches for answers of 500 and above shall not be woken
/// by a power cut in some village.
fn status_of(error: &RouterCommandError) -> StatusCode {
    match error {
        RouterCommandError::NotPolled | RouterCommandError::Busy(_) => StatusCode::CONFLICT,
        RouterCommandError::StoreStalled(_)
        | RouterCommandError::NotDone(_)
        | RouterCommandError::Unknown(_) => StatusCode::SERVICE_UNAVAILABLE,
        RouterCommandError::Unreachable(_)
        | RouterCommandError::Refused(_)
        | RouterCommandError::TimedOut => StatusCode::FAILED_DEPENDENCY,
    }
}

/// For endpoints that only look: a value in the address that makes no sense, or that no row can have, is a bad
/// request.
pub(crate) fn in_query(error: OperationError) -> Problem {
    match error {
        OperationError::Invalid(sentence) | OperationError::Conflict(sentence) => {
            Problem::bad_request(sentence)
        }
        other => other.into(),
    }
}

/// The field of a body that names it: what is not there makes the body wrong, not the address.
fn field_of(named: &Named) -> &'static str {
    match named {
        Named::Plan(_) => "plan",
        Named::Router(_) => "router",
        Named::Group(_) => "group",
        Named::Login => "login",
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use store::StoreError;

    use super::*;

    fn status(problem: Problem) -> u16 {
        problem.into_response().status().as_u16()
    }

    #[test]
    fn each_kind_has_the_status_that_says_what_to_do() {
        for (error, expected) in [
            (OperationError::Invalid("no".into()), 422),
            (OperationError::Conflict("taken".into()), 409),
            (OperationError::NotFound("gone".into()), 404),
            (OperationError::Forbidden("no".into()), 403),
            (OperationError::NoSuch(Named::Login), 422),
            (OperationError::Store(StoreError::DiskFull), 503),
            (RouterCommandError::TimedOut.into(), 424),
            (RouterCommandError::NotPolled.into(), 409),
            (RouterCommandError::Busy("somebody is at it".into()).into(), 409),
            (RouterCommandError::StoreStalled("full".into()).into(), 503),
            (RouterCommandError::NotDone("east is silent".into()).into(), 503),
            (RouterCommandError::Unknown("east is silent".into()).into(), 503),
        ] {
            assert_eq!(status(error.into()), expected);
        }
    }

    #[test]
    fn where_the_fault_stands_decides() {
        assert_eq!(status(in_query(OperationError::Invalid("no".into()))), 400);
        assert_eq!(status(in_query(OperationError::NotFound("gone".into()))), 404);
    }
}
