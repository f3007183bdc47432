//! Waiting for something to become true, with an end.

use std::time::Duration;

use operations::{RouterStatus, StatusBoard};
use store::NasId;
use tokio::time::Instant;

/// How long a test waits for anything before it gives up. The machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(4);

/// Waits until `is_so`.
pub(super) async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "it never came to be that {what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Waits until a router's line of the board is as wanted and answers it.
pub(super) async fn until_shown(
    board: &StatusBoard,
    nas: NasId,
    mut wanted: impl FnMut(&RouterStatus) -> bool,
) -> RouterStatus {
    let end = Instant::now() + PATIENCE;
    loop {
        let shown = board.get(nas);
        if let Some(status) = shown.as_ref().filter(|status| wanted(status)) {
            return status.clone();
        }
        assert!(Instant::now() < end, "never shown as wanted: {shown:?}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Lets a moment pass in which nothing is expected to happen.
pub(super) async fn a_while(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
