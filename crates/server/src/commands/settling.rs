//! Commands that were begun by a process that is gone, or has lost the router: whoever has the router now sees what became of
//! them, and writes it down.

use std::sync::Arc;
use std::time::Duration;

use store::{Store, StoreError};

use super::executor::Executor;
use super::in_hand::InHand;
use super::outcome;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(2);
/// So many looks, and then old commands are forgotten.
const LOOKS: u32 = 1_800;
/// How long a command is kept.
const KEPT: Duration = Duration::from_secs(7 * 86_400);

/// Whether what one process does for all is this one's.
pub type Leads = Arc<dyn Fn() -> bool + Send + Sync>;

/// Looks for as long as it is polled.
pub(super) async fn settle_again_and_again(
    store: Arc<dyn Store>,
    node: String,
    executor: Arc<dyn Executor>,
    leads: Leads,
    (in_hand, settled_after): (InHand, Duration),
) {
    let mut looks = 0_u32;
    loop {
        let settled = settle(&*store, (&node, leads(), settled_after), &*executor, &in_hand).await;
        let kept = match settled {
            Ok(()) if leads() && looks.is_multiple_of(LOOKS) => store.forget_commands(KEPT).await,
            other => other,
        };
        if let Err(error) = kept {
            tracing::debug!(%error, "commands of before could not be settled at the moment");
        }
        looks += 1;
        tokio::time::sleep(EVERY).await;
    }
}

async fn settle(
    store: &dyn Store,
    (node, leads, after): (&str, bool, Duration),
    executor: &dyn Executor,
    in_hand: &InHand,
) -> Result<(), StoreError> {
    for unsettled in store.unsettled_commands(node, leads, after).await? {
        let command = &unsettled.command;
        if in_hand.has(command.id) {
            continue;
        }
        let outcome = executor.settle(&unsettled).await;
        tracing::warn!(id = %command.id, kind = command.kind, ?outcome, "a command of a process that is gone was settled");
        store.end_command(command.id, outcome::to_text(&outcome)).await?;
    }
    Ok(())
}
