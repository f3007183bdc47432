//! What time it is for those who do something with vouchers.

use std::time::Duration;

use accounting::time::Micros;
use store::StoreError;

use super::time::voucher_time;
use crate::operations::Operations;

/// Between two times at which a process says by what clock it goes that does nothing with vouchers.
const SAID_EVERY: Duration = Duration::from_secs(30);

impl Operations {
    /// What time it is in the books of vouchers, after a clock that was set was made up for: what was read of them before may be of
    /// before that.
    pub(super) async fn voucher_now(&self) -> Result<Micros, StoreError> {
        let time = voucher_time(&*self.store, &*self.clock, &self.node.name).await?;
        Ok(time.at(self.clock.host()).unwrap_or_else(|| self.now()))
    }

    /// Says by what clock this process goes, for as long as it is polled: others have to know that it is there.
    pub async fn keep_voucher_time(&self) {
        let mut looks = tokio::time::interval(SAID_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if let Err(error) = self.voucher_now().await {
                tracing::warn!(%error, "by what clock vouchers go cannot be looked up at the moment");
            }
        }
    }
}
