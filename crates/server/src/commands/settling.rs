//! Commands that were begun by a process that is gone, or has lost the router: whoever has the router now sees what became of
//! them, and writes it down.

use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use tokio_util::sync::CancellationToken;

use super::outcome;
use super::performer::Performer;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(2);
/// So many looks, and then old commands are forgotten.
const LOOKS: u32 = 1_800;
/// How long a command is kept.
const KEPT: Duration = Duration::from_secs(7 * 86_400);

/// Whether what one process does for all is this one's.
pub type Leads = Arc<dyn Fn() -> bool + Send + Sync>;

/// Longer than any command is waited for: one that lost its lease may be in somebody's hands until then.
pub(super) const SETTLED_AFTER: Duration = Duration::from_secs(60);

/// Settles what others left behind, or this process before it ended, until `stop`. Where commands come over Redis, who takes them
/// does it.
pub async fn keep_settling(performer: Arc<Performer>, leads: Leads, stop: CancellationToken) {
    stop.run_until_cancelled(settle_again_and_again(&performer, leads, SETTLED_AFTER)).await;
}

/// Looks for as long as it is polled.
pub(super) async fn settle_again_and_again(performer: &Performer, leads: Leads, settled_after: Duration) {
    let mut looks = 0_u32;
    loop {
        let settled = settle(performer, leads(), settled_after).await;
        let kept = match settled {
            Ok(()) if leads() && looks.is_multiple_of(LOOKS) => performer.store.forget_commands(KEPT).await,
            other => other,
        };
        if let Err(error) = kept {
            tracing::debug!(%error, "commands of before could not be settled at the moment");
        }
        looks += 1;
        tokio::time::sleep(EVERY).await;
    }
}

async fn settle(performer: &Performer, leads: bool, after: Duration) -> Result<(), StoreError> {
    let Performer { store, node, executor, in_hand } = performer;
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
