//! The key to the routers' passwords, from start to end: a change that was cut short is carried on, and one that was made at
//! another process is followed.

use std::sync::Arc;
use std::time::Duration;

use operations::{OperationError, Operations};
use tokio_util::sync::CancellationToken;

/// Between two looks at where the key is kept.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Seals anew what is sealed with the key before. Where that fails both keys stay, and it is tried again while it runs.
pub(super) async fn settle(operations: &Operations) {
    match operations.settle_key().await {
        Ok(0) => {}
        Ok(passwords) => {
            tracing::info!(passwords, "passwords of routers were sealed anew with the key of now")
        }
        Err(error) => {
            tracing::warn!(%error, "passwords are sealed with the key before still, which stays; tried again in seconds")
        }
    }
}

/// Follows the key until `stop`. The same trouble is told once.
pub(super) async fn keep(operations: Arc<Operations>, stop: CancellationToken) {
    let mut told = None;
    while stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_some() {
        let trouble = operations.follow_key().await.err();
        if trouble != told {
            tell(trouble.as_ref());
            told = trouble;
        }
    }
}

fn tell(trouble: Option<&OperationError>) {
    match trouble {
        Some(error) => tracing::error!("{error}"),
        None => tracing::info!("the key to the routers' passwords is as it should be again"),
    }
}
