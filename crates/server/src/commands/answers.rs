//! Answers on their way back, in a stream of the process that asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::streams::StreamReadReply;
use redis::{Pipeline, from_redis_value_ref};
use store::Node;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::outcome::{self, Outcome};
use crate::redis_link::{RedisLink, RedisUrl};
use crate::redis_uses::{RedisUse, RedisUses};

/// After so long without an answer nobody reads the stream any more.
const STREAM_LIVES: Duration = Duration::from_secs(3_600);
/// More answers than that wait for nobody who is well.
const MOST: u32 = 10_000;
/// How long Redis is asked to wait for the next one.
const BLOCK: Duration = Duration::from_secs(5);
/// Between two tries after a failure.
const AGAIN: Duration = Duration::from_secs(1);

/// Who waits for which answer.
#[derive(Clone, Default)]
pub(super) struct Waiting(Arc<Mutex<HashMap<Uuid, oneshot::Sender<Outcome>>>>);

/// Waits for one answer; the wait ends with it.
pub(super) struct Expected {
    id: Uuid,
    waiting: Waiting,
    answer: oneshot::Receiver<Outcome>,
}

impl Waiting {
    pub(super) fn expect(&self, id: Uuid) -> Expected {
        let (sender, answer) = oneshot::channel();
        self.all(|waiting| waiting.insert(id, sender));
        Expected { id, waiting: self.clone(), answer }
    }

    fn all<T>(&self, with: impl FnOnce(&mut HashMap<Uuid, oneshot::Sender<Outcome>>) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, id: Uuid, outcome: Outcome) {
        if let Some(sender) = self.all(|waiting| waiting.remove(&id)) {
            // Who went away does not want it.
            let _ = sender.send(outcome);
        }
    }
}

impl Expected {
    /// The answer; `None` when it will not come.
    pub(super) async fn come(&mut self) -> Option<Outcome> {
        (&mut self.answer).await.ok()
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.waiting.all(|waiting| waiting.remove(&self.id));
    }
}

/// The stream of a run of a process.
pub(super) fn stream(node: &Node) -> String {
    format!("tikmeter:answers:{}:{}", node.name, node.run)
}

/// Puts an answer into a stream.
pub(super) fn answer(all: &mut Pipeline, stream: &str, id: Uuid, outcome: &Outcome) {
    let mut add = redis::cmd("XADD");
    add.arg(stream).arg("MAXLEN").arg("~").arg(MOST).arg("*");
    add.arg("id").arg(id.to_string()).arg("outcome").arg(outcome::to_text(outcome));
    all.add_command(add).ignore();
    all.cmd("EXPIRE").arg(stream).arg(STREAM_LIVES.as_secs()).ignore();
}

/// The half that hears answers.
pub(super) struct Hearing {
    pub(super) stream: String,
    pub(super) waiting: Waiting,
    pub(super) uses: RedisUses,
}

impl Hearing {
    /// Hands answers to who waits for them, until `stop`.
    pub(super) async fn hand_out(self, url: RedisUrl, stop: CancellationToken) {
        let mut link = RedisLink::waiting(url, BLOCK);
        let (mut last, mut failed) = ("0-0".to_owned(), false);
        while let Some(read) = stop.run_until_cancelled(self.read(&mut link, &last)).await {
            self.uses.went(RedisUse::Answers, &read);
            if std::mem::replace(&mut failed, read.is_err()) && read.is_ok() {
                // What failed with it may go again, and is not tried before somebody gives a command.
                self.uses.forget(RedisUse::CommandsGiven);
                self.uses.forget(RedisUse::AnswersGiven);
            }
            match read {
                Ok(newest) => last = newest.unwrap_or(last),
                Err(_) => {
                    // The stream may begin anew, with lower ids; an answer that comes twice is wanted by nobody.
                    "0-0".clone_into(&mut last);
                    stop.run_until_cancelled(tokio::time::sleep(AGAIN)).await;
                }
            }
        }
    }

    /// Hands out those behind `last`; the newest of them, when there are any.
    async fn read(&self, link: &mut RedisLink, last: &str) -> Result<Option<String>, String> {
        let mut next = redis::pipe();
        next.cmd("XREAD").arg("BLOCK").arg(BLOCK.as_millis().to_string());
        next.arg("STREAMS").arg(&self.stream).arg(last);
        let (answers,): (Option<StreamReadReply>,) = link.run(&next).await?;
        let mut newest = None;
        for entry in answers.into_iter().flat_map(|answers| answers.keys).flat_map(|key| key.ids) {
            let text = |name: &str| from_redis_value_ref::<String>(entry.map.get(name)?).ok();
            let id = text("id").and_then(|id| Uuid::parse_str(&id).ok());
            if let (Some(id), Some(outcome)) = (id, text("outcome")) {
                self.waiting.answer(id, outcome::from_text(&outcome));
            }
            newest = Some(entry.id);
        }
        Ok(newest)
    }
}
