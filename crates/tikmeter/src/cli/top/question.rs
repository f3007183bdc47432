//! What is asked of the server.

use super::answer::Sort;
use crate::client::{Answer, Client};
use crate::failure::Failure;

/// Whom to show.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) sort: Sort,
    pub(super) limit: String,
    pub(super) router: Option<String>,
    pub(super) service: Option<String>,
}

impl Question {
    /// Asks it.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(super) async fn ask(&self, client: &Client) -> Result<Answer, Failure> {
        let query = [
            ("sort", Some(self.sort.as_str())),
            ("limit", Some(self.limit.as_str())),
            ("router", self.router.as_deref()),
            ("service", self.service.as_deref()),
        ];
        client.get(&["live", "top"], &query).await
    }
}
