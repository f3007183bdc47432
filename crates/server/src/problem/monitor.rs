//! Why somebody is not watched, towards clients.

use axum::http::StatusCode;
use operations::MonitorError;

use super::answer::Problem;
use super::operation::in_query;

impl From<MonitorError> for Problem {
    fn from(error: MonitorError) -> Self {
        let sentence = error.to_string();
        match error {
            MonitorError::Unknown => Problem::not_found(sentence),
            MonitorError::NoLogin => Problem::invalid(sentence),
            MonitorError::Disabled | MonitorError::NoSession => Problem::conflict(sentence),
            MonitorError::SlotsTaken { .. } => Problem::new(StatusCode::TOO_MANY_REQUESTS, sentence),
            MonitorError::NotConnected { .. }
            | MonitorError::Unheard { .. }
            | MonitorError::Untold { .. } => Problem::new(StatusCode::FAILED_DEPENDENCY, sentence),
            MonitorError::Failed(error) => in_query(error),
        }
    }
}
