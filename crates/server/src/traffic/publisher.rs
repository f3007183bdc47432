//! Tells samples as they are put up.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use operations::{Operations, Samples};
use tokio::sync::Notify;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::board::TrafficBoard;
use super::entry;
use super::readers::Readers;
use super::settings::TrafficSettings;
use super::waiting::Waiting;
use crate::redis_link::RedisLink;

/// Samples that are sent at once.
const BATCH: usize = 500;
/// After a failure the next try waits this long; doubled up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How long what waits is told at the end.
const FAREWELL: Duration = Duration::from_secs(2);

/// See the module.
pub struct TrafficPublisher {
    samples: Receiver<Samples>,
    teller: Teller,
    readers: Readers,
}

/// What takes samples over and what tells them share.
struct Teller {
    settings: TrafficSettings,
    board: TrafficBoard,
    waiting: Mutex<Waiting>,
    came: Notify,
}

impl TrafficPublisher {
    /// Of what this process' routers say, from now on; shows on `board` how it goes.
    pub fn new(settings: TrafficSettings, operations: &Operations, board: TrafficBoard) -> TrafficPublisher {
        let readers = Readers {
            redis: settings.redis.clone(),
            monitors: operations.monitors.clone(),
            clock: operations.clock.clone(),
            board: board.clone(),
        };
        let teller = Teller { settings, board, waiting: Mutex::default(), came: Notify::new() };
        TrafficPublisher { samples: operations.monitors.board().own_samples(), teller, readers }
    }

    /// Tells it until `stop`, and then what waits, if Redis takes it soon. Whoever reads it there is a reader of all.
    pub async fn run(self, stop: CancellationToken) {
        let TrafficPublisher { samples, teller, readers } = self;
        let mut link = RedisLink::to(teller.settings.redis.clone());
        tokio::select! {
            () = teller.take(samples) => {}
            () = teller.tell(&mut link) => {}
            () = readers.look_on() => {}
            () = stop.cancelled() => {}
        }
        teller.end(&mut link).await;
    }
}

impl Teller {
    async fn end(&self, link: &mut RedisLink) {
        let farewell = async { while self.waiting().len() > 0 && self.tell_some(link).await.is_ok() {} };
        if tokio::time::timeout(FAREWELL, farewell).await.is_err() || self.waiting().len() > 0 {
            tracing::warn!(
                samples = self.waiting().len(),
                "live samples were not told over Redis before the end"
            );
        }
    }

    /// Redis is never waited for here: whoever puts samples up does not wait for readers.
    async fn take(&self, mut samples: Receiver<Samples>) {
        loop {
            match samples.recv().await {
                Ok(samples) => {
                    let mut waiting = self.waiting();
                    waiting.add(&samples);
                    self.board.waits(waiting.len(), waiting.lost());
                    self.came.notify_one();
                }
                Err(RecvError::Lagged(moments)) => {
                    self.waiting().lose(moments);
                    tracing::warn!(
                        moments,
                        "live samples came faster than they could be taken over; some were not told"
                    );
                }
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn tell(&self, link: &mut RedisLink) {
        let mut wait = FIRST_WAIT;
        loop {
            if self.waiting().len() == 0 {
                self.came.notified().await;
            }
            match self.tell_some(link).await {
                Ok(()) => wait = FIRST_WAIT,
                Err(why) => {
                    if self.board.failed(&why) {
                        tracing::warn!(%why, "live samples wait in memory");
                    }
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    /// In one transaction of Redis': were a middle one refused, the next would come before it.
    async fn tell_some(&self, link: &mut RedisLink) -> Result<(), String> {
        let (first, samples) = self.waiting().oldest(BATCH);
        if samples.is_empty() {
            return Ok(());
        }
        let mut commands = redis::pipe();
        commands.atomic();
        for sample in &samples {
            commands.add_command(entry::command(sample, self.settings.stream_entries)).ignore();
        }
        link.run::<()>(&commands).await?;
        let mut waiting = self.waiting();
        waiting.told(first, samples.len());
        self.board.told(samples.len());
        self.board.waits(waiting.len(), waiting.lost());
        Ok(())
    }

    /// Adding and taking are single steps, so a panic elsewhere leaves a consistent queue.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
