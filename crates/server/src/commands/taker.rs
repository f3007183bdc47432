//! Taking commands that other processes give to this one. Each is written down before it is carried out, under the lease of its
//! router: what is written down already is not carried out again, whoever gives it again, and however often. Questions, which
//! change nothing, are answered without.

use std::sync::Arc;
use std::time::Duration;

use redis::streams::{StreamId, StreamReadReply};
use store::{Beginning, NasId, StoreError};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answers;
use super::message::{Order, stream};
use super::outcome::{Outcome, too_late};
use super::performer::Performer;
use super::settling::{Leads, SETTLED_AFTER, settle_again_and_again};
use crate::redis_link::{RedisLink, RedisUrl};
use crate::redis_uses::{RedisUse, RedisUses};

/// How long Redis is asked to wait for the next command.
const BLOCK: Duration = Duration::from_secs(5);
/// Between two tries after a failure.
const AGAIN: Duration = Duration::from_secs(1);
/// Commands that are carried out at once; further ones wait in the stream.
const AT_ONCE: usize = 64;
/// Of the time that is waited for a command, what its answer may take on its way.
const FOR_THE_ANSWER: Duration = Duration::from_millis(300);

/// See the module.
pub struct Taker {
    performer: Arc<Performer>,
    url: RedisUrl,
    leads: Leads,
    settled_after: Duration,
    uses: RedisUses,
}

/// A command as it was read: when, by Redis' clock, and where its answer is wanted.
struct Taken {
    entry: String,
    order: Order,
    age: Duration,
    read_at: Instant,
    answers: String,
}

impl Taken {
    /// What is left of the time that is waited for it.
    fn left(&self) -> Duration {
        self.order.within.saturating_sub(self.age + self.read_at.elapsed())
    }
}

impl Taker {
    /// Takes the commands for this process; `uses` shows how that goes.
    pub fn new(performer: Arc<Performer>, url: RedisUrl, leads: Leads, uses: RedisUses) -> Taker {
        Taker { performer, url, leads, settled_after: SETTLED_AFTER, uses }
    }

    /// Commands that others left behind are settled when they are so old.
    #[must_use]
    pub fn settling_after(self, age: Duration) -> Taker {
        Taker { settled_after: age, ..self }
    }

    /// Takes, carries out, and settles what others left behind, until `stop`; what is begun then is ended.
    pub async fn run(self, stop: CancellationToken) {
        let (taker, tasks) = (Arc::new(self), TaskTracker::new());
        let settling =
            settle_again_and_again(&taker.performer, Arc::clone(&taker.leads), taker.settled_after);
        tokio::join!(stop.run_until_cancelled(settling), taker.take(&tasks, &stop));
        tasks.close();
        tasks.wait().await;
    }

    async fn take(self: &Arc<Self>, tasks: &TaskTracker, stop: &CancellationToken) {
        let mut link = RedisLink::waiting(self.url.clone(), BLOCK);
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut last = "0-0".to_owned();
        loop {
            let Some(read) = stop.run_until_cancelled(self.read(&mut link, &last)).await else { return };
            self.uses.went(RedisUse::CommandsTaken, &read);
            let taken = match read {
                Ok(taken) => taken,
                Err(_) => {
                    // The stream may begin anew, with lower ids; what is written down is not carried out again.
                    "0-0".clone_into(&mut last);
                    if stop.run_until_cancelled(tokio::time::sleep(AGAIN)).await.is_none() {
                        return;
                    }
                    continue;
                }
            };
            for (entry, taken) in taken {
                last = entry;
                let Some(taken) = taken.filter(|taken| self.performer.in_hand.take(taken.order.id)) else {
                    continue;
                };
                let place = stop.run_until_cancelled(Arc::clone(&places).acquire_owned()).await;
                let Some(Ok(place)) = place else { return self.performer.in_hand.leave(taken.order.id) };
                let taker = Arc::clone(self);
                tasks.spawn(async move {
                    taker.handle(&taken).await;
                    taker.performer.in_hand.leave(taken.order.id);
                    drop(place);
                });
            }
        }
    }

    /// The next commands, with their places in the stream.
    async fn read(&self, link: &mut RedisLink, last: &str) -> Result<Vec<(String, Option<Taken>)>, String> {
        let mut next = redis::pipe();
        next.cmd("XREAD").arg("COUNT").arg(AT_ONCE).arg("BLOCK").arg(BLOCK.as_millis().to_string());
        next.arg("STREAMS").arg(stream(&self.performer.node)).arg(last);
        next.cmd("TIME");
        let (read, (seconds, micros)): (Option<StreamReadReply>, (u64, u64)) = link.run(&next).await?;
        let now_ms = seconds * 1_000 + micros / 1_000;
        let entries = read.into_iter().flat_map(|read| read.keys).flat_map(|key| key.ids);
        Ok(entries.map(|entry| (entry.id.clone(), taken(entry, now_ms))).collect())
    }

    async fn handle(&self, taken: &Taken) {
        let outcome = match taken.order.nas {
            Some(_) if taken.order.is_question() => Ok(self.answered(taken).await),
            Some(nas) => self.carry_out(nas, taken).await,
            None if taken.left().is_zero() => Ok(Err(too_late())),
            None => Ok(self.performer.executor.execute(&taken.order, taken.left()).await),
        };
        let outcome = match outcome {
            Ok(outcome) => outcome,
            // Another run of this name may have begun it, or this one before. Who asked looks its row up when its time is over.
            Err(error) => {
                tracing::warn!(%error, kind = taken.order.kind, "the database did not say whether a command is to be carried out");
                return;
            }
        };
        let mut all = redis::pipe();
        all.atomic();
        answers::answer(&mut all, &taken.answers, taken.order.id, &outcome);
        all.cmd("XDEL").arg(stream(&self.performer.node)).arg(&taken.entry).ignore();
        let gave = RedisLink::to(self.url.clone()).run::<()>(&all).await;
        self.uses.went(RedisUse::AnswersGiven, &gave);
        if let Err(why) = gave {
            tracing::warn!(%why, kind = taken.order.kind, "an answer did not get away; who asked looks it up");
        }
    }

    /// The answer to a question. It may come twice, and one for which nobody waits any more is not looked for.
    async fn answered(&self, taken: &Taken) -> Outcome {
        match taken.left().saturating_sub(FOR_THE_ANSWER) {
            Duration::ZERO => Err(too_late()),
            within => self.performer.executor.execute(&taken.order, within).await,
        }
    }

    /// What the command's row says in the end, whoever made it.
    async fn carry_out(&self, nas: NasId, taken: &Taken) -> Result<Outcome, StoreError> {
        let order = &taken.order;
        if taken.left() <= FOR_THE_ANSWER {
            return self.performer.as_written(nas, order, "Its time had passed.").await;
        }
        match self.performer.begin(nas, order).await? {
            Beginning::Begun => {
                let within = taken.left().saturating_sub(FOR_THE_ANSWER);
                self.performer.carry_out(nas, order, within).await
            }
            Beginning::Known(command) => Ok(self.performer.known(&command, "It had been given before.")),
            Beginning::NotHeld => {
                self.performer.as_written(nas, order, "It does not poll the router any more.").await
            }
        }
    }
}

fn taken(entry: StreamId, now_ms: u64) -> Option<Taken> {
    let given_ms: u64 = entry.id.split('-').next()?.parse().ok()?;
    let (order, answers) = Order::read(&entry.map)?;
    Some(Taken {
        entry: entry.id,
        order,
        age: Duration::from_millis(now_ms.saturating_sub(given_ms)),
        read_at: Instant::now(),
        answers,
    })
}
