//! Folding old entries, every hour, beside everything else.

use std::sync::Arc;
use std::time::Duration;

use collector::supervisor::Supervisor;
use operations::Operations;
use tokio_util::sync::CancellationToken;

/// Between two looks at what has become old. A day becomes old once a day, at midnight UTC.
const EVERY: Duration = Duration::from_secs(3_600);

/// How soon it is looked again whether this process does it for all that share the database.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Keeps the detail of so many months until `stop`. What fails is tried again an hour later.
pub(super) async fn keep(
    operations: Arc<Operations>,
    supervisor: Arc<Supervisor>,
    months: u16,
    stop: CancellationToken,
) {
    loop {
        while !supervisor.leads() {
            if stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_none() {
                return;
            }
        }
        match operations.fold_history("system", months, || !stop.is_cancelled()).await {
            Ok(run) if run.entries > 0 => {
                tracing::info!(entries = run.entries, routers = ?run.routers, "old entries were folded into days");
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "old entries could not be folded into days; tried again in an hour")
            }
        }
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}
