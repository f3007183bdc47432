//! Giving a command to another process, and learning what became of it.

use std::sync::Arc;
use std::time::Duration;

use operations::RouterCommandError;
use store::{Command, CommandState, NasId, Node, Store};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::answers::{self, Waiting};
use super::message::Order;
use super::outcome::{self, Outcome};
use crate::redis_link::{RedisLink, RedisUrl};
use crate::redis_uses::{RedisUse, RedisUses};

/// Between two looks for an outcome.
const LOOK: Duration = Duration::from_millis(200);

/// See the module.
pub struct Asker {
    store: Arc<dyn Store>,
    url: RedisUrl,
    answers: String,
    waiting: Waiting,
    link: Mutex<RedisLink>,
    uses: RedisUses,
}

impl Asker {
    /// Asks for this run of a process; `uses` shows how that goes.
    pub fn new(store: Arc<dyn Store>, url: RedisUrl, node: &Node, uses: RedisUses) -> Asker {
        Asker {
            store,
            answers: answers::stream(node),
            waiting: Waiting::default(),
            link: Mutex::new(RedisLink::to(url.clone())),
            url,
            uses,
        }
    }

    /// Hears answers until `stop`. Without it every outcome is looked up in the database when its time has passed.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let hearing = answers::Hearing {
            stream: self.answers.clone(),
            waiting: self.waiting.clone(),
            uses: self.uses.clone(),
        };
        hearing.hand_out(self.url.clone(), stop).await;
    }

    /// Lets another process carry out an order for a router that it polls, and waits for the outcome for as long as the
    /// order says. It is carried out once, or not at all, or nobody knows: what it is told to be, it is. Of a question that was not
    /// answered in time nothing more is to be known.
    pub async fn ask(&self, node: &str, nas: NasId, order: Order) -> Outcome {
        let deadline = Instant::now() + order.within;
        let why = match self.try_to_ask(node, &order, deadline).await {
            Ok(outcome) => return outcome,
            Err(why) if order.is_question() => return Err(not_answered(node, &why)),
            Err(why) => why,
        };
        // Redis may have taken it before it failed us.
        loop {
            let looked_up = self.look_up(node, nas, &order, &why).await;
            if !matches!(looked_up, Err(RouterCommandError::Unknown(_))) || Instant::now() + LOOK > deadline {
                return looked_up;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The same for an order that is for the process itself, whose outcome is not written down.
    pub async fn tell(&self, node: &str, order: Order) {
        if let Err(why) = self.try_to_ask(node, &order, Instant::now() + order.within).await {
            tracing::warn!(%why, kind = order.kind, process = node, "another process was not told");
        }
    }

    async fn try_to_ask(&self, node: &str, order: &Order, deadline: Instant) -> Result<Outcome, String> {
        let mut expected = self.waiting.expect(order.id);
        let sending = async { self.link.lock().await.run::<()>(&order.give(node, &self.answers)).await };
        if let Ok(sent) = timeout_at(deadline, sending).await {
            self.uses.went(RedisUse::CommandsGiven, &sent);
            sent?;
        }
        let answer = timeout_at(deadline, expected.come()).await;
        answer.ok().flatten().ok_or_else(|| format!("No answer came within {} s.", seconds(order.within)))
    }

    /// Nobody carries it out from now on: what was not begun by now never is.
    async fn look_up(&self, node: &str, nas: NasId, order: &Order, why: &str) -> Outcome {
        match self.store.withdraw_command(order.written(nas)).await {
            Ok(command) => known(&command, node, why),
            Err(error) => Err(RouterCommandError::Unknown(format!(
                "the process {node} was asked for it. {why} Whether it did anything is not known, because the \
                 database cannot be asked either: {error}"
            ))),
        }
    }
}

/// What a command's row says of it.
pub(super) fn known(command: &Command, node: &str, why: &str) -> Outcome {
    match (command.state, &command.outcome) {
        (CommandState::Ended, Some(text)) => outcome::from_text(text),
        (CommandState::Withdrawn, _) => Err(RouterCommandError::NotDone(format!(
            "the process {node} was asked for it and did not do it. {why} Nothing was changed, and it will not be done any more; \
             look at that process and at Redis, then try again"
        ))),
        _ => Err(RouterCommandError::Unknown(format!(
            "the process {node} began to do it and has not said what came of it. {why} Look at the router before you try again"
        ))),
    }
}

fn not_answered(node: &str, why: &str) -> RouterCommandError {
    RouterCommandError::NotDone(format!(
        "the process {node} was asked and did not answer. {why} Nothing was changed; look at that process and at Redis, or try again"
    ))
}

fn seconds(within: Duration) -> String {
    format!("{}", (within.as_secs_f64() * 10.0).round() / 10.0)
}
