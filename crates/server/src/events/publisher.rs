//! Reads what waits, sends it, and deletes what was taken.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use operations::Clock;
use store::{EventNames, NasId, OutboxQueue, Store};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::batch::{OF_ROUTER, Reader, Reading};
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

/// Batches that are sent before the first of them is answered: while Redis takes one the next is on its way.
const AT_ONCE: usize = 2;
/// Batches that Redis took and that wait to be deleted.
const TO_DELETE: usize = 2;

/// The newest event of each router that Redis took.
type Told = Vec<(NasId, u64)>;

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
    /// Each router is told of in a batch of its own: of one in the last turn something could not be read or sent.
    alone: bool,
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
        let (last, quiet, wait, alone) = (NasId(0), QUIET_LOOKS, FIRST_WAIT, false);
        Publisher { store, clock, settings, mine, board, link, names, last, quiet, wait, alone }
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

    /// Reads, sends and deletes beside each other, each batch in that order.
    async fn turn(&mut self) -> Result<Turn, String> {
        let queues = self.queues().await?;
        self.names.only(queues.iter().map(|queue| queue.nas), self.clock.now());
        let batches = self.batches(&queues);
        if batches.is_empty() {
            self.stay_in_touch().await?;
            return Ok(Turn::All);
        }
        // Nothing is read for a Redis that is not reached.
        self.link.reach().await?;
        let reader = Reader {
            store: Arc::clone(&self.store),
            names: (self.names.clone(), self.clock.now()),
            entries: self.settings.stream_entries,
        };
        let passed_on = self.pass_on(reader.begin(batches)).await;
        self.alone = passed_on.is_err();
        let events = passed_on?;
        self.wait = FIRST_WAIT;
        let waited: u64 = queues.iter().map(|queue| queue.events).sum();
        Ok(if (1..waited).contains(&events) { Turn::More } else { Turn::All })
    }

    /// Sends batches, and deletes what Redis took, also where another could not be sent or read: how many events that were.
    async fn pass_on(&mut self, reading: Reading) -> Result<u64, String> {
        let (told, to_delete) = mpsc::channel(TO_DELETE);
        let store = Arc::clone(&self.store);
        let (sent, deleted) = tokio::join!(self.send(reading, told), delete(&*store, to_delete));
        if sent.is_err() {
            self.link.part();
        }
        deleted.and(sent)
    }

    /// No router is in two of them: where Redis refuses one and takes the next, every router's events are in their order. After
    /// one that failed none is begun, and the next turn begins with the routers behind it, so that it keeps none from being told.
    async fn send(&mut self, reading: Reading, told: mpsc::Sender<Told>) -> Result<u64, String> {
        let Publisher { link, board, last, quiet, .. } = self;
        let (link, mut reading, failed) = (&*link, reading, CancellationToken::new());
        let read = stream::poll_fn(|context| reading.batches.poll_recv(context));
        let sent = read.take_until(failed.cancelled()).map(|(nas, batch)| async move {
            let sent = async {
                let batch = batch?;
                if batch.events > 0 {
                    link.run_behind(&batch.commands).await?;
                }
                Ok(batch)
            };
            (nas, sent.await)
        });
        let mut sent = pin!(sent.buffered(AT_ONCE));
        let (mut events, mut why) = (0, None);
        while let Some((nas, batch)) = sent.next().await {
            *last = nas;
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => {
                    failed.cancel();
                    why.get_or_insert(error);
                    continue;
                }
            };
            *quiet = 0;
            board.told(batch.events);
            events += batch.events as u64;
            if told.send(batch.newest).await.is_err() {
                // They could not be deleted, and are told again.
                break;
            }
        }
        why.map_or(Ok(events), Err)
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
        let most = if self.alone { 1 } else { ROUTERS };
        let mut batches: Vec<Vec<OutboxQueue>> = Vec::new();
        let mut room = 0;
        for queue in later.into_iter().chain(sooner).take(OF_A_LOOK) {
            match batches.last_mut().filter(|batch| room > 0 && batch.len() < most) {
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
            self.link.reach().await?;
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
async fn delete(store: &dyn Store, mut told: mpsc::Receiver<Told>) -> Result<(), String> {
    while let Some(newest) = told.recv().await {
        store.delete_events(newest).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}
