//! Whether others are told of what happens.

use std::sync::Arc;

use collector::supervisor::Supervisor;
use operations::Operations;
use server::{EventsBoard, EventsSettings, Publisher, TrafficBoard, TrafficPublisher, TrafficSettings};
use store::OutboxQueue;

/// Tells live samples from now on, where others are told of anything.
pub(super) fn traffic(
    operations: &Operations,
    settings: Option<&EventsSettings>,
) -> Option<(TrafficPublisher, TrafficBoard)> {
    let EventsSettings { redis, traffic_entries, .. } = settings?;
    let settings = TrafficSettings { redis: redis.clone(), stream_entries: *traffic_entries };
    let board = TrafficBoard::default();
    Some((TrafficPublisher::new(settings, operations, board.clone()), board))
}

/// Lets events be written down and told from now on, or not. What waits from an earlier run waits on where nobody is told.
pub(super) fn begin(
    operations: &Operations,
    supervisor: &Arc<Supervisor>,
    settings: Option<EventsSettings>,
) -> Option<(Publisher, EventsBoard)> {
    let Operations { store, clock, node, .. } = operations;
    store.write_events(settings.is_some());
    let board = EventsBoard::default();
    let publisher = Publisher::new(store.clone(), clock.clone(), settings?, board.clone());
    // Whoever polls a router tells of it; of one that nobody polls, who does what one process does for all.
    let (name, leader) = (node.name.clone(), supervisor.clone());
    let mine = move |queue: &OutboxQueue| match &queue.polled_by {
        Some(holder) => *holder == name,
        None => leader.leads(),
    };
    Some((publisher.only(Arc::new(mine)), board))
}
