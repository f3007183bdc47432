//! Events of some routers, ready to be sent at once.

use accounting::time::Micros;
use redis::Pipeline;
use store::{Event, EventNames, NasId, OutboxQueue, Store};

use super::entry;

/// Bytes of waiting rows of one router that are sent at once.
pub(super) const OF_ROUTER: u64 = 64 * 1024;

/// See the module.
#[derive(Default)]
pub(super) struct Batch {
    /// In one transaction of Redis': were a middle one refused, the next would come before it.
    pub(super) commands: Pipeline,
    /// How many they are.
    pub(super) events: usize,
    /// The newest of each router.
    pub(super) newest: Vec<(NasId, u64)>,
}

impl Batch {
    /// The oldest events of these queues, for a stream that keeps about so many entries.
    pub(super) async fn read(
        store: &dyn Store,
        of: Vec<OutboxQueue>,
        names: (&EventNames, Micros),
        entries: u64,
    ) -> Result<Batch, String> {
        let events =
            store.events(of, OF_ROUTER, names.0, names.1).await.map_err(|error| error.to_string())?;
        let (mut commands, mut json) = (redis::pipe(), Vec::new());
        commands.atomic();
        for event in &events {
            commands.add_command(entry::command(event, entries, &mut json)).ignore();
        }
        Ok(Batch { commands, events: events.len(), newest: newest(&events) })
    }
}

fn newest(events: &[Event]) -> Vec<(NasId, u64)> {
    let by_router = events.chunk_by(|one, other| one.nas == other.nas);
    by_router.filter_map(|events| events.last()).map(|event| (event.nas, event.seq)).collect()
}
