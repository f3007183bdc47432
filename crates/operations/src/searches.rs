//! Finding subscribers and who is online by words.

use store::{OnlineSearch, SessionRow, SubscriberSearch};
use uuid::Uuid;

use crate::error::OperationError;
use crate::operations::Operations;
use crate::subscribers::SubscriberView;

impl Operations {
    /// Subscribers that fit, with how well their open cycles were observed.
    pub async fn search_subscribers(
        &self,
        mut search: SubscriberSearch,
    ) -> Result<Vec<SubscriberView>, OperationError> {
        search.reach = self.reach.clone();
        let mut views = Vec::new();
        for subscriber in self.store.search_subscribers(search).await? {
            views.push(self.observed(subscriber).await?);
        }
        Ok(views)
    }

    /// Sessions that fit. An unknown router is an error, so that a typing mistake is not taken for an empty router.
    pub async fn search_online(&self, mut search: OnlineSearch) -> Result<Vec<SessionRow>, OperationError> {
        if let Some(router) = &search.router {
            self.nas(router).await?;
        }
        search.reach = self.reach.clone();
        Ok(self.store.search_online(search).await?)
    }

    /// The id of the subscriber with that username or id.
    pub async fn id_of_subscriber(&self, key: &str) -> Result<Uuid, OperationError> {
        Ok(self.stored_subscriber(key).await?.id)
    }
}
