//! What time it is in the books of what lasts for a while, for those who do something with it.

use std::time::Duration;

use accounting::time::Micros;
use store::StoreError;

use crate::lasting_time::lasting_time;
use crate::operations::Operations;

/// Between two times at which a process says by what clock it goes that asks for it for nothing else.
const SAID_EVERY: Duration = Duration::from_secs(30);

impl Operations {
    /// What time it is in those books, after a clock that was set was made up for: what was read of them before may be of before that.
    pub(crate) async fn lasting_now(&self) -> Result<Micros, StoreError> {
        let time = lasting_time(&*self.store, &*self.clock, &self.node.name).await?;
        Ok(time.now(&*self.clock))
    }

    /// Says by what clock this process goes, for as long as it is polled: others have to know that it is there.
    pub async fn keep_lasting_time(&self) {
        let mut looks = tokio::time::interval(SAID_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if let Err(error) = self.lasting_now().await {
                tracing::warn!(%error, "by what clock vouchers and holds go cannot be looked up at the moment");
            }
        }
    }
}
