//! Who may bring a snapshot into the store now. What an actor holds meanwhile grows with the rows of its snapshot, so
//! rows are what is bounded: a thousand small routers go together and share transactions, big ones go one by one.
//! Who waits because the store took nothing hears here that it may take something again.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Rows that may be under way at once, shared by all actors of a process. Actors that find no room wait in the order
/// they came.
#[derive(Clone, Debug)]
pub struct Turns {
    rows: Arc<Semaphore>,
    most: u32,
    store_answered: watch::Sender<()>,
}

impl Turns {
    /// Room for so many rows; a snapshot of more than that goes alone.
    pub fn new(rows: u32) -> Self {
        let most = rows.max(1);
        Turns { rows: Arc::new(Semaphore::new(most as usize)), most, store_answered: watch::Sender::new(()) }
    }

    /// Waits for room for a snapshot of so many rows; it is taken until the answer is dropped.
    pub(super) async fn take(&self, rows: usize) -> OwnedSemaphorePermit {
        let rows = u32::try_from(rows).unwrap_or(self.most).clamp(1, self.most);
        let turn = Arc::clone(&self.rows).acquire_many_owned(rows).await;
        turn.expect("nobody closes the semaphore")
    }

    /// The store took something, after it had refused it or something else.
    pub(crate) fn store_answered(&self) {
        self.store_answered.send_replace(());
    }

    /// Hears of it each time from now on.
    pub(super) fn answers(&self) -> watch::Receiver<()> {
        self.store_answered.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn small_ones_go_together_and_one_too_big_goes_alone() {
        let turns = Turns::new(100);
        let (first, second) = (turns.take(60).await, turns.take(40).await);
        assert_eq!(turns.rows.available_permits(), 0);
        drop((first, second));
        let alone = turns.take(1_000_000).await;
        assert_eq!(turns.rows.available_permits(), 0);
        drop(alone);
        let empty = turns.take(0).await;
        assert_eq!(turns.rows.available_permits(), 99);
        drop(empty);
    }
}
