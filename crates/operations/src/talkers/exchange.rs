//! Rates of routers that other processes poll: told by each of its own, read from the database by whoever is asked.

use std::collections::HashMap;

use accounting::time::HostInstant;
use store::{NasId, StoreError};

use super::latest::Latest;
use super::told;
use crate::operations::Operations;

/// Of which readings it was told.
#[derive(Default)]
pub(crate) struct RatesExchange {
    told: HashMap<NasId, HostInstant>,
}

impl RatesExchange {
    /// Tells of readings that came since.
    pub(crate) async fn tell(&mut self, operations: &Operations) -> Result<(), StoreError> {
        let now = operations.clock.host();
        let own = operations.talkers.all(now);
        let news: Vec<_> =
            own.into_iter().filter(|(nas, read_at, _)| self.told.get(nas) != Some(read_at)).collect();
        if news.is_empty() {
            return Ok(());
        }
        let texts = news.iter().map(|(nas, _, latest)| (*nas, told::told(latest))).collect();
        operations.store.tell_rates(operations.node.clone(), texts).await?;
        self.told.extend(news.into_iter().map(|(nas, read_at, _)| (nas, read_at)));
        Ok(())
    }
}

impl Operations {
    /// What other processes told of their routers. What is told in a way that this version does not understand is as good as
    /// not told.
    pub(super) async fn told_rates(&self, of: Option<NasId>) -> Result<HashMap<NasId, Latest>, StoreError> {
        if !self.store.is_shared() {
            return Ok(HashMap::new());
        }
        let told = self.store.told_rates(of).await?;
        let read = told.into_iter().filter_map(|one| Some((one.nas, told::read(&one.rates, one.age_us)?)));
        Ok(read.collect())
    }
}
