//! What waits is bounded: while nobody can be told, the oldest events are given up beyond an age and a size.

use accounting::time::Micros;
use store::{GiveUp, OutboxQueue, Store, StoreError};

use super::settings::EventsSettings;

/// Gives up what is too old or too much, a few hundred events at most, so that other work comes in between. How many.
pub(super) async fn trim(
    store: &dyn Store,
    queues: &[OutboxQueue],
    settings: &EventsSettings,
    now: Micros,
) -> Result<u64, StoreError> {
    let edge = now.minus_seconds(settings.keep.as_secs());
    let Some(oldest) =
        queues.iter().filter(|queue| queue.droppable() > 0).min_by_key(|queue| queue.oldest_at)
    else {
        return Ok(0);
    };
    if oldest.oldest_at < Some(edge) {
        let lost = store.give_up_events(oldest.nas, GiveUp::Before(edge)).await?;
        if lost > 0 {
            return Ok(lost);
        }
    }
    let excess = queues.iter().map(|queue| queue.bytes).sum::<u64>().saturating_sub(settings.keep_bytes);
    match excess {
        0 => Ok(0),
        excess => store.give_up_events(oldest.nas, GiveUp::Bytes(excess)).await,
    }
}
