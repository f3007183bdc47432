//! A publisher of events, on a thread beside the measurement's own or by hand.

use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use operations::ManualClock;
use server::{EventsBoard, EventsSettings, Publisher, RedisUrl};
use store::Store;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::stream;
use crate::figure::Result;
use crate::sums::exact;

/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// A running publisher, which tells the events of a store.
pub(crate) struct Telling {
    runtime: Runtime,
    store: Arc<dyn Store>,
    board: EventsBoard,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Telling {
    /// Starts it on the Redis of that URL; it gives nothing up.
    pub(crate) fn start(store: &Arc<dyn Store>, redis: &str) -> Result<Self> {
        let Teller { runtime, store, board, publisher } = Teller::new(store, redis)?;
        let stop = CancellationToken::new();
        let running = runtime.spawn(publisher.run(stop.clone()));
        Ok(Telling { runtime, store, board, stop, running })
    }

    /// Waits until it told so many events and none waits any more. One in trouble is not waited for.
    pub(crate) fn until_told(&self, events: u64) -> Result<()> {
        self.runtime.block_on(self.all_told(events))
    }

    async fn all_told(&self, events: u64) -> Result<()> {
        loop {
            let status = self.board.status();
            if let Some(trouble) = status.trouble {
                return Err(trouble.into());
            }
            if status.told >= events && waiting(&*self.store).await? == 0 {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Ends it; why it could not tell is the answer, if it could not.
    pub(crate) fn stop(self) -> Result<Option<String>> {
        self.stop.cancel();
        self.runtime.block_on(self.running)?;
        Ok(self.board.status().trouble)
    }
}

/// A publisher that looks at what waits when it is told to.
pub(crate) struct Teller {
    runtime: Runtime,
    store: Arc<dyn Store>,
    board: EventsBoard,
    publisher: Publisher,
}

impl Teller {
    /// One that is not connected yet to the Redis of that URL; it gives nothing up.
    pub(crate) fn new(store: &Arc<dyn Store>, redis: &str) -> Result<Self> {
        let settings = EventsSettings {
            redis: RedisUrl::parse(redis)?,
            stream_entries: stream::MOST,
            traffic_entries: 100_000,
            keep: Duration::MAX,
            keep_bytes: u64::MAX,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (store, board) = (Arc::clone(store), EventsBoard::default());
        let clock = Arc::new(ManualClock::new(Micros(0)));
        let publisher = Publisher::new(Arc::clone(&store), clock, settings, board.clone());
        Ok(Teller { runtime, store, board, publisher })
    }

    /// Tells until nothing waits; refused where that was not so many events.
    pub(crate) fn tell(&mut self, events: u64) -> Result<()> {
        let before = self.board.status().told;
        self.runtime.block_on(self.publisher.tell_what_waits())?;
        exact("events told", self.board.status().told - before, events)?;
        exact("events that wait", self.runtime.block_on(waiting(&*self.store))?, 0)
    }
}

/// How many events wait.
pub(crate) async fn waiting(store: &dyn Store) -> Result<u64> {
    Ok(store.outbox().await?.iter().map(|queue| queue.events).sum())
}
