//! [`SearchRepository`].

use async_trait::async_trait;

use crate::error::StoreError;
use crate::search_repository::{OnlineSearch, SearchRepository, SubscriberSearch};
use crate::session_repository::SessionRow;
use crate::subscriber_repository::Subscriber;

use super::database::Database;
use super::{search_online, search_subscribers};

#[async_trait]
impl<D: Database> SearchRepository for D {
    async fn search_subscribers(&self, search: SubscriberSearch) -> Result<Vec<Subscriber>, StoreError> {
        self.read(move |connection| search_subscribers::found(connection, &search)).await
    }

    async fn search_online(&self, search: OnlineSearch) -> Result<Vec<SessionRow>, StoreError> {
        self.read(move |connection| search_online::found(connection, &search)).await
    }
}
