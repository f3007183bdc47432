//! What time it is in the books of what lasts for a while: vouchers, holds, and limits for a while. Their time is the wall clock's, and that may be set while
//! they run. On one host the monotonic clock tells such a step from time that passed: by how much the wall clock is ahead of it stands
//! in the database, and when that is another than it was, all that runs is moved along once, whichever process sees it first
//! ([`store::VoucherTimeRepository`]). Between boots of a host the wall clock is all there is.

use accounting::time::{HostInstant, Micros};
use store::{HostTime, Store, StoreError};

use crate::clock::Clock;

/// Less than that is not made up for: it stays the difference until it is more.
const STEP_US: u64 = 1_000_000;
/// Reading two clocks takes no longer, or a process that was held up between them would see a step.
const AT_ONCE_US: u64 = 100_000;
/// How often they are read until that was so.
const READINGS: usize = 5;

/// How the books count time on a host: by its monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastingTime {
    epoch: u128,
    ahead_us: i64,
}

impl LastingTime {
    /// What time it is then; `None`: that is of another boot of the host, or of another host.
    pub fn at(self, host: HostInstant) -> Option<Micros> {
        let at = Micros(i64::try_from(host.micros).unwrap_or(i64::MAX).saturating_add(self.ahead_us));
        (host.epoch == self.epoch).then_some(at)
    }

    /// What time it is now.
    pub fn now(self, clock: &dyn Clock) -> Micros {
        self.at(clock.host()).unwrap_or_else(|| clock.now())
    }
}

/// How the books count time on this host from now on, after a clock that was set was made up for. `node`: the process.
pub async fn lasting_time(
    store: &dyn Store,
    clock: &dyn Clock,
    node: &str,
) -> Result<LastingTime, StoreError> {
    let (epoch, known) = (clock.host().epoch, store.host_time(node.to_owned(), clock.host().epoch).await?);
    let Some(ahead_us) = ahead(clock) else {
        // A host that is too busy to read two clocks at once goes on as before.
        let ahead_us = known.unwrap_or_else(|| roughly_ahead(clock));
        return Ok(LastingTime { epoch, ahead_us });
    };
    if let Some(known) = known.filter(|known| known.abs_diff(ahead_us) < STEP_US) {
        return Ok(LastingTime { epoch, ahead_us: known });
    }
    let seen = HostTime { node: node.to_owned(), epoch, known, ahead_us, at: clock.now() };
    let settled = store.settle_host_time(seen).await?;
    if let Some(by_us) = known.map(|known| ahead_us.saturating_sub(known)) {
        tell(by_us, settled == ahead_us);
    }
    Ok(LastingTime { epoch, ahead_us: settled })
}

fn tell(by_us: i64, is_made_up_for: bool) {
    let by_s = by_us / 1_000_000;
    if is_made_up_for {
        tracing::warn!(
            by_s,
            "this host's clock was set; vouchers that run, holds, and limits for a while were moved along, so that none lost or won time"
        );
    } else {
        tracing::warn!(
            by_s,
            "this host's clock was set, and other hosts share the database: here vouchers, holds, and limits for a while go on by the clock of before until this one is right again, or the host starts anew"
        );
    }
}

/// By how much the wall clock is ahead of the monotonic one, as they are read at once; `None`: they could not be.
fn ahead(clock: &dyn Clock) -> Option<i64> {
    let reading = || {
        let (before, ahead, after) = (clock.host(), roughly_ahead(clock), clock.host());
        let took = after.micros_since(before)?;
        (took <= AT_ONCE_US).then_some(ahead)
    };
    (0..READINGS).find_map(|_| reading())
}

fn roughly_ahead(clock: &dyn Clock) -> i64 {
    let host = i64::try_from(clock.host().micros).unwrap_or(i64::MAX);
    clock.now().0.saturating_sub(host)
}
