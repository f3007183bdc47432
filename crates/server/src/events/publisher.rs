//! Reads what waits, sends it, and deletes what was taken.

use std::sync::Arc;
use std::time::Duration;

use operations::Clock;
use store::{EventNames, NasId, OutboxQueue, Store};
use tokio_util::sync::CancellationToken;

use super::batch::{Batch, OF_ROUTER};
use super::board::EventsBoard;
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
/// How often in a row some are given up, before Redis is tried again.
const TRIMS: u32 = 20;
/// Routers that are told of at once.
const ROUTERS: usize = 256;
/// Routers that are told of after one look at what waits.
const OF_A_LOOK: usize = 1_024;

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
    names: EventNames,
    /// The router told of last, so that each has its turn.
    last: NasId,
    quiet: u32,
    /// How long it waits after the next failure.
    wait: Duration,
}

/// What a turn came to.
#[derive(PartialEq)]
enum Turn {
    /// All that waited when it began was told.
    All,
    /// Some of it waits.
    More,
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
        let names = EventNames::default();
        let (last, quiet, wait) = (NasId(0), QUIET_LOOKS, FIRST_WAIT);
        Publisher { store, clock, settings, mine, board, link, names, last, quiet, wait }
    }

    /// Tells those that wait in these queues alone. Asked anew at each look at what waits.
    #[must_use]
    pub fn only(self, mine: Mine) -> Publisher {
        Publisher { mine, ..self }
    }

    /// Works until `stop`. What is not told by then is told after the next start.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let Some(told) = stop.run_until_cancelled(self.tell_what_waits()).await else { return };
            let pause = match told {
                Ok(()) => LOOK,
                Err(why) => {
                    if self.board.failed(&why) {
                        tracing::warn!(%why, "events wait in the database");
                    }
                    if stop.run_until_cancelled(self.trim()).await.is_none() {
                        return;
                    }
                    let pause = self.wait;
                    self.wait = (self.wait * 2).min(LONGEST_WAIT);
                    pause
                }
            };
            if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    /// Tells what waits; what happens meanwhile is told next time.
    ///
    /// # Errors
    /// A sentence: what Redis or the database could not do. What was not told waits on.
    pub async fn tell_what_waits(&mut self) -> Result<(), String> {
        while self.turn().await? == Turn::More {}
        Ok(())
    }

    /// While Redis takes one batch the next is read and the one before is deleted; none is sent before the one before was
    /// taken, none deleted before that.
    async fn turn(&mut self) -> Result<Turn, String> {
        let queues = self.queues().await?;
        self.names.only(queues.iter().map(|queue| queue.nas), self.clock.now());
        let batches = self.batches(&queues);
        if batches.is_empty() {
            self.stay_in_touch().await?;
            return Ok(Turn::All);
        }
        self.link.reach().await?;
        let (store, entries) = (Arc::clone(&self.store), self.settings.stream_entries);
        let (names, now) = (self.names.clone(), self.clock.now());
        let (mut told, mut ready, mut events) = (Batch::default(), Batch::default(), 0);
        for queues in batches {
            let read = Batch::read(&*store, queues, (&names, now), entries);
            let (sent, deleted, read) = tokio::join!(self.send(&ready), delete(&*store, told), read);
            sent?;
            deleted?;
            // Redis has it, also where the next cannot be read.
            told = std::mem::take(&mut ready);
            match read {
                Ok(read) => ready = read,
                Err(why) => return delete(&*store, told).await.and(Err(why)),
            }
            events += ready.events;
        }
        let (sent, deleted) = tokio::join!(self.send(&ready), delete(&*store, told));
        sent?;
        deleted?;
        delete(&*store, ready).await?;
        self.wait = FIRST_WAIT;
        let waited: u64 = queues.iter().map(|queue| queue.events).sum();
        Ok(if (events as u64) < waited { Turn::More } else { Turn::All })
    }

    async fn send(&mut self, batch: &Batch) -> Result<(), String> {
        let Some((last, _)) = batch.newest.last() else { return Ok(()) };
        self.last = *last;
        self.link.run::<()>(&batch.commands).await?;
        self.quiet = 0;
        self.board.told(batch.events);
        Ok(())
    }

    /// What waits of those that are told here.
    async fn queues(&self) -> Result<Vec<OutboxQueue>, String> {
        let mut queues = self.store.outbox().await.map_err(|error| error.to_string())?;
        queues.retain(|queue| (self.mine)(queue));
        Ok(queues)
    }

    /// Routers that are told of now, those after the last one first, as many at once as fit.
    fn batches(&self, queues: &[OutboxQueue]) -> Vec<Vec<OutboxQueue>> {
        let (later, sooner): (Vec<_>, Vec<_>) =
            queues.iter().filter(|queue| queue.events > 0).partition(|queue| queue.nas > self.last);
        let mut batches: Vec<Vec<OutboxQueue>> = Vec::new();
        let mut room = 0;
        for queue in later.into_iter().chain(sooner).take(OF_A_LOOK) {
            match batches.last_mut().filter(|batch| room > 0 && batch.len() < ROUTERS) {
                Some(batch) => batch.push(queue.clone()),
                None => {
                    batches.push(vec![queue.clone()]);
                    room = BATCH;
                }
            }
            room = room.saturating_sub(queue.bytes.min(OF_ROUTER).max(queue.first_bytes));
        }
        batches
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

/// Redis has these.
async fn delete(store: &dyn Store, told: Batch) -> Result<(), String> {
    if told.newest.is_empty() {
        return Ok(());
    }
    store.delete_events(told.newest).await.map_err(|error| error.to_string())
}
