//! Reads what waits, sends it, and deletes what was taken.

use std::sync::Arc;
use std::time::Duration;

use operations::Clock;
use redis::Pipeline;
use store::{Event, NasId, OutboxQueue, Store};
use tokio_util::sync::CancellationToken;

use super::board::EventsBoard;
use super::entry;
use super::settings::EventsSettings;
use super::trimming::trim;
use crate::redis_link::RedisLink;

/// Between two looks at what waits.
const LOOK: Duration = Duration::from_secs(1);
/// After this many looks without news Redis is asked whether it is there.
const QUIET_LOOKS: u32 = 10;
/// After a failure the next try waits this long; doubled up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Bytes of waiting rows that are sent at once; as text that is about ten times as much.
const BATCH: u64 = 256 * 1024;
/// Of one router.
const OF_ROUTER: u64 = 64 * 1024;
/// How often in a row some are given up, before Redis is tried again.
const TRIMS: u32 = 20;
/// Routers that are told of at once.
const ROUTERS: usize = 64;

/// Whose events are told by this process.
pub type Mine = Arc<dyn Fn(&OutboxQueue) -> bool + Send + Sync>;

/// Who tells them.
pub struct Publisher {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    settings: EventsSettings,
    mine: Mine,
    board: EventsBoard,
    link: RedisLink,
    /// The router told of last, so that each has its turn.
    last: NasId,
    quiet: u32,
}

/// What a turn came to.
enum Turn {
    /// Events were told; more may wait.
    Told,
    /// Nothing waits.
    Nothing,
}

impl Publisher {
    /// Tells the events of all routers and shows on `board` how it goes.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        settings: EventsSettings,
        board: EventsBoard,
    ) -> Publisher {
        let link = RedisLink::to(settings.redis.clone());
        let mine: Mine = Arc::new(|_| true);
        Publisher { store, clock, settings, mine, board, link, last: NasId(0), quiet: QUIET_LOOKS }
    }

    /// Tells those that wait in these queues alone. Asked anew at each turn.
    #[must_use]
    pub fn only(self, mine: Mine) -> Publisher {
        Publisher { mine, ..self }
    }

    /// Works until `stop`. What is not told by then is told after the next start.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut wait = FIRST_WAIT;
        loop {
            let Some(turn) = stop.run_until_cancelled(self.turn()).await else { return };
            let pause = match turn {
                Ok(Turn::Told) => {
                    wait = FIRST_WAIT;
                    continue;
                }
                Ok(Turn::Nothing) => LOOK,
                Err(why) => {
                    if self.board.failed(&why) {
                        tracing::warn!(%why, "events wait in the database");
                    }
                    if stop.run_until_cancelled(self.trim()).await.is_none() {
                        return;
                    }
                    wait = (wait * 2).min(LONGEST_WAIT);
                    wait / 2
                }
            };
            if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    async fn turn(&mut self) -> Result<Turn, String> {
        let queues = self.queues().await?;
        let next = self.next(&queues);
        let Some(last) = next.last() else {
            self.stay_in_touch().await?;
            return Ok(Turn::Nothing);
        };
        self.last = last.nas;
        let events = self.store.events(next, OF_ROUTER).await.map_err(|error| error.to_string())?;
        self.link.run::<()>(&self.commands(&events)).await?;
        self.quiet = 0;
        self.board.told(events.len());
        self.store.delete_events(newest(&events)).await.map_err(|error| error.to_string())?;
        Ok(Turn::Told)
    }

    /// What waits of those that are told here.
    async fn queues(&self) -> Result<Vec<OutboxQueue>, String> {
        let mut queues = self.store.outbox().await.map_err(|error| error.to_string())?;
        queues.retain(|queue| (self.mine)(queue));
        Ok(queues)
    }

    /// Routers that are told of now, those after the last one first, as many as fit.
    fn next(&self, queues: &[OutboxQueue]) -> Vec<OutboxQueue> {
        let (later, sooner): (Vec<_>, Vec<_>) =
            queues.iter().filter(|queue| queue.events > 0).partition(|queue| queue.nas > self.last);
        let mut room = BATCH;
        let fits = |queue: &&&OutboxQueue| {
            let has_room = room > 0;
            room = room.saturating_sub(queue.bytes.min(OF_ROUTER).max(queue.first_bytes));
            has_room
        };
        let all: Vec<&OutboxQueue> = later.into_iter().chain(sooner).take(ROUTERS).collect();
        all.iter().take_while(fits).map(|queue| (*queue).clone()).collect()
    }

    /// Whether Redis is there is known also where nothing happens.
    async fn stay_in_touch(&mut self) -> Result<(), String> {
        self.quiet += 1;
        if self.quiet >= QUIET_LOOKS || self.board.status().trouble.is_some() {
            self.link.run::<()>(redis::pipe().cmd("PING").ignore()).await?;
            self.quiet = 0;
            self.board.told(0);
        }
        Ok(())
    }

    /// In one transaction of Redis': were a middle one refused, the next would come before it.
    fn commands(&self, events: &[Event]) -> Pipeline {
        let mut commands = redis::pipe();
        commands.atomic();
        for event in events {
            commands.add_command(entry::command(event, self.settings.stream_entries)).ignore();
        }
        commands
    }

    async fn trim(&self) {
        let mut events = 0;
        for _ in 0..TRIMS {
            match self.trim_some().await {
                Ok(0) => break,
                Ok(some) => events += some,
                Err(error) => {
                    tracing::debug!(%error, "events that wait were not looked at");
                    break;
                }
            }
        }
        if events > 0 {
            tracing::warn!(events, "events that could not be told in time were given up");
        }
    }

    async fn trim_some(&self) -> Result<u64, String> {
        let queues = self.queues().await?;
        let trimmed = trim(&*self.store, &queues, &self.settings, self.clock.now()).await;
        trimmed.map_err(|error| error.to_string())
    }
}

/// The newest of each router.
fn newest(events: &[Event]) -> Vec<(NasId, u64)> {
    let by_router = events.chunk_by(|one, other| one.nas == other.nas);
    by_router.filter_map(|events| events.last()).map(|event| (event.nas, event.seq)).collect()
}
