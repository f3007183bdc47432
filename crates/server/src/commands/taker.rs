//! Taking commands that other processes give to this one. Each is written down before it is carried out, under the lease of its
//! router: what is written down already is not carried out again, whoever gives it again, and however often.

use std::sync::Arc;
use std::time::Duration;

use operations::RouterCommandError;
use redis::streams::{StreamId, StreamReadReply};
use store::{Beginning, NasId, Node, Store};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::answers;
use super::asker::known;
use super::executor::Executor;
use super::in_hand::InHand;
use super::message::{Order, stream};
use super::outcome::{self, Outcome};
use super::settling::{Leads, settle_again_and_again};
use crate::redis_link::{RedisLink, RedisUrl};

/// How long Redis is asked to wait for the next command.
const BLOCK: Duration = Duration::from_secs(5);
/// Between two tries after a failure.
const AGAIN: Duration = Duration::from_secs(1);
/// Commands that are carried out at once; further ones wait in the stream.
const AT_ONCE: usize = 64;
/// Of the time that is waited for a command, what its answer may take on its way.
const FOR_THE_ANSWER: Duration = Duration::from_millis(300);
/// How often the database is asked to take an outcome, a second apart.
const TRIES: u32 = 30;

/// See the module.
pub struct Taker {
    store: Arc<dyn Store>,
    url: RedisUrl,
    node: Node,
    executor: Arc<dyn Executor>,
    leads: Leads,
    in_hand: InHand,
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
    /// Takes the commands for this process.
    pub fn new(
        store: Arc<dyn Store>,
        url: RedisUrl,
        node: Node,
        executor: Arc<dyn Executor>,
        leads: Leads,
    ) -> Arc<Taker> {
        Arc::new(Taker { store, url, node, executor, leads, in_hand: InHand::default() })
    }

    /// Takes, carries out, and settles what others left behind, until `stop`; what is begun then is ended.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        let settling = settle_again_and_again(
            Arc::clone(&self.store),
            self.node.name.clone(),
            Arc::clone(&self.executor),
            Arc::clone(&self.leads),
            self.in_hand.clone(),
        );
        tokio::join!(stop.run_until_cancelled(settling), self.take(&tasks, &stop));
        tasks.close();
        tasks.wait().await;
    }

    async fn take(self: &Arc<Self>, tasks: &TaskTracker, stop: &CancellationToken) {
        let mut link = RedisLink::waiting(self.url.clone(), BLOCK);
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut last = "0-0".to_owned();
        loop {
            let Some(read) = stop.run_until_cancelled(self.read(&mut link, &last)).await else { return };
            let taken = match read {
                Ok(taken) => taken,
                Err(why) => {
                    tracing::debug!(%why, "commands of other processes are not heard at the moment");
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
                let Some(taken) = taken.filter(|taken| self.in_hand.take(taken.order.id)) else { continue };
                let place = stop.run_until_cancelled(Arc::clone(&places).acquire_owned()).await;
                let Some(Ok(place)) = place else { return self.in_hand.leave(taken.order.id) };
                let taker = Arc::clone(self);
                tasks.spawn(async move {
                    taker.handle(&taken).await;
                    taker.in_hand.leave(taken.order.id);
                    drop(place);
                });
            }
        }
    }

    /// The next commands, with their places in the stream.
    async fn read(&self, link: &mut RedisLink, last: &str) -> Result<Vec<(String, Option<Taken>)>, String> {
        let mut next = redis::pipe();
        next.cmd("XREAD").arg("COUNT").arg(AT_ONCE).arg("BLOCK").arg(BLOCK.as_millis().to_string());
        next.arg("STREAMS").arg(stream(&self.node.name)).arg(last);
        next.cmd("TIME");
        let (read, (seconds, micros)): (Option<StreamReadReply>, (u64, u64)) = link.run(&next).await?;
        let now_ms = seconds * 1_000 + micros / 1_000;
        let entries = read.into_iter().flat_map(|read| read.keys).flat_map(|key| key.ids);
        Ok(entries.map(|entry| (entry.id.clone(), taken(entry, now_ms))).collect())
    }

    async fn handle(&self, taken: &Taken) {
        let outcome = match taken.order.nas {
            Some(nas) => self.carry_out(nas, taken).await,
            None if taken.left().is_zero() => Err(not_begun("it was given too long ago")),
            None => self.executor.execute(&taken.order, taken.left()).await,
        };
        let mut all = redis::pipe();
        all.atomic();
        answers::answer(&mut all, &taken.answers, taken.order.id, &outcome);
        all.cmd("XDEL").arg(stream(&self.node.name)).arg(&taken.entry).ignore();
        if let Err(why) = RedisLink::to(self.url.clone()).run::<()>(&all).await {
            tracing::warn!(%why, kind = taken.order.kind, "an answer did not get away; who asked looks it up");
        }
    }

    async fn carry_out(&self, nas: NasId, taken: &Taken) -> Outcome {
        let order = &taken.order;
        if taken.left() <= FOR_THE_ANSWER {
            let late = self.store.withdraw_command(order.written(nas)).await;
            return late
                .map_or_else(|error| Err(not_begun(&error.to_string())), |command| self.known(&command));
        }
        match self.store.begin_command(order.written(nas), &self.node.name).await {
            Ok(Beginning::Begun) => {
                let within = taken.left().saturating_sub(FOR_THE_ANSWER);
                let outcome = self.executor.execute(order, within).await;
                self.write_down(order.id, &outcome).await;
                outcome
            }
            Ok(Beginning::Known(command)) => self.known(&command),
            Ok(Beginning::NotHeld) => Err(not_begun(&format!(
                "the process {}, which was asked, does not poll the router any more",
                self.node.name
            ))),
            Err(error) => Err(not_begun(&error.to_string())),
        }
    }

    fn known(&self, command: &store::Command) -> Outcome {
        known(command, command.node.as_deref().unwrap_or(&self.node.name), "Its time had passed.")
    }

    /// Who asked has the answer by then; the row is for who asks again, and for people.
    async fn write_down(&self, id: Uuid, outcome: &Outcome) {
        for _ in 0..TRIES {
            match self.store.end_command(id, outcome::to_text(outcome)).await {
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%error, "the outcome of a command could not be written down yet")
                }
            }
            tokio::time::sleep(AGAIN).await;
        }
        tracing::error!(%id, "the outcome of a command was not written down; it is settled as unknown");
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

fn not_begun(why: &str) -> RouterCommandError {
    RouterCommandError::NotDone(format!("nothing was done, because {why}; try again in a moment"))
}
