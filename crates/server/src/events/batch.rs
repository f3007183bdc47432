//! Events of some routers, ready to be sent at once.

use std::sync::Arc;

use accounting::time::Micros;
use redis::Pipeline;
use store::{Event, EventNames, NasId, OutboxQueue, Store};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::entry;

/// Bytes of waiting rows of one router that are sent at once.
pub(super) const OF_ROUTER: u64 = 64 * 1024;

/// See the module.
pub(super) struct Batch {
    /// In one transaction of Redis': were a middle one refused, the next would come before it.
    pub(super) commands: Pipeline,
    /// How many they are.
    pub(super) events: usize,
    /// The newest of each router.
    pub(super) newest: Vec<(NasId, u64)>,
}

/// What was to be read of some routers, the last of which is this: the batch, or why it could not be read.
pub(super) type Read = (NasId, Result<Batch, String>);

/// What batches are made of.
pub(super) struct Reader {
    pub(super) store: Arc<dyn Store>,
    /// What was looked up before, and our clock.
    pub(super) names: (EventNames, Micros),
    /// About so many entries are kept in the stream.
    pub(super) entries: u64,
}

/// Batches that are being read. Nothing is read any more once it is dropped.
pub(super) struct Reading {
    pub(super) batches: mpsc::Receiver<Read>,
    _task: AbortOnDropHandle<()>,
}

impl Reader {
    /// Reads a batch of each of these, one after the other: one waits to be taken while the next is read. After one that cannot
    /// be read none follows.
    pub(super) fn begin(self, queues: Vec<Vec<OutboxQueue>>) -> Reading {
        let (ready, batches) = mpsc::channel(1);
        let task = tokio::spawn(async move {
            for of in queues {
                let last = of.last().map_or(NasId(0), |queue| queue.nas);
                let batch = self.read(of).await;
                let is_unread = batch.is_err();
                if ready.send((last, batch)).await.is_err() || is_unread {
                    return;
                }
            }
        });
        Reading { batches, _task: AbortOnDropHandle::new(task) }
    }

    /// The oldest events of these queues.
    async fn read(&self, of: Vec<OutboxQueue>) -> Result<Batch, String> {
        let events = self.store.events(of, OF_ROUTER, &self.names.0, self.names.1).await;
        let events = events.map_err(|error| error.to_string())?;
        let (mut commands, mut json) = (redis::pipe(), Vec::new());
        commands.atomic();
        for event in &events {
            commands.add_command(entry::command(event, self.entries, &mut json)).ignore();
        }
        Ok(Batch { commands, events: events.len(), newest: newest(&events) })
    }
}

fn newest(events: &[Event]) -> Vec<(NasId, u64)> {
    let by_router = events.chunk_by(|one, other| one.nas == other.nas);
    by_router.filter_map(|events| events.last()).map(|event| (event.nas, event.seq)).collect()
}
