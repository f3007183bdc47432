//! Carrying out what changes something, once: the row is made before anything is done, under the lease of the router, and the
//! outcome is written into it.

use std::sync::Arc;
use std::time::Duration;

use store::{Beginning, Command, NasId, Store, StoreError};
use uuid::Uuid;

use super::asker::known;
use super::executor::Executor;
use super::in_hand::InHand;
use super::message::Order;
use super::outcome::{self, Outcome, too_late};

/// How often the database is asked to take an outcome, a second apart.
const TRIES: u32 = 30;
/// Between two of them.
const AGAIN: Duration = Duration::from_secs(1);

/// The routers' commands of one process.
pub struct Performer {
    pub(super) store: Arc<dyn Store>,
    pub(super) node: String,
    pub(super) executor: Arc<dyn Executor>,
    pub(super) in_hand: InHand,
}

impl Performer {
    /// Of the process of that name.
    pub fn new(store: Arc<dyn Store>, node: &str, executor: Arc<dyn Executor>) -> Performer {
        Performer { store, node: node.to_owned(), executor, in_hand: InHand::default() }
    }

    /// What is to be done of an order: it is this process' to carry out, or it was given before.
    pub(super) async fn begin(&self, nas: NasId, order: &Order) -> Result<Beginning, StoreError> {
        self.store.begin_command(order.written(nas), &self.node).await
    }

    /// Carries one out that was begun. What the command's row says in the end, whoever made it.
    pub(super) async fn carry_out(
        &self,
        nas: NasId,
        order: &Order,
        within: Duration,
    ) -> Result<Outcome, StoreError> {
        let outcome =
            if within.is_zero() { Err(too_late()) } else { self.executor.execute(order, within).await };
        if self.write_down(order.id, &outcome).await {
            return Ok(outcome);
        }
        self.as_written(nas, order, "It was settled meanwhile.").await
    }

    /// From now on it is not begun; if it was before, its row says what became of it.
    pub(super) async fn as_written(
        &self,
        nas: NasId,
        order: &Order,
        why: &str,
    ) -> Result<Outcome, StoreError> {
        Ok(self.known(&self.store.withdraw_command(order.written(nas)).await?, why))
    }

    pub(super) fn known(&self, command: &Command, why: &str) -> Outcome {
        known(command, command.node.as_deref().unwrap_or(&self.node), why)
    }

    /// False: it has another outcome already.
    async fn write_down(&self, id: Uuid, outcome: &Outcome) -> bool {
        for _ in 0..TRIES {
            match self.store.end_command(id, outcome::to_text(outcome)).await {
                Ok(written) => return written,
                Err(error) => {
                    tracing::warn!(%error, "the outcome of a command could not be written down yet")
                }
            }
            tokio::time::sleep(AGAIN).await;
        }
        tracing::error!(%id, "the outcome of a command was not written down; it is settled when another process has the router");
        true
    }
}
