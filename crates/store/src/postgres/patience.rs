//! Asking for a lock that others may hold for long, without keeping those back who come after.

use std::time::Duration;

use crate::error::StoreError;

/// Who waits for a lock makes those behind wait: a round hardly notices this.
pub(super) const SHORT_WAIT: &str = "SET LOCAL lock_timeout = '500ms'";
/// Before a lock is asked for again, so that what waited can go on.
const REST: Duration = Duration::from_secs(1);
/// How often it is asked for: longer than the longest report should take.
const TRIES: u32 = 600;

/// Tries again while others hold a lock.
pub(super) fn patiently<T>(mut attempt: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 1..TRIES {
        match attempt() {
            Err(StoreError::Busy) => std::thread::sleep(REST),
            done => return done,
        }
    }
    attempt()
}
