//! A reading that somebody asks for, from both ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use operations::{ReadNow, RouterCommandError};
use tokio::sync::oneshot;

type Answer = Result<ReadNow, RouterCommandError>;

/// The poller's end: somebody waits for a reading.
#[derive(Debug)]
pub struct ReadRequest {
    answer: oneshot::Sender<Answer>,
    was_read: Arc<AtomicBool>,
}

/// The end of who waits.
#[derive(Debug)]
pub struct AskedReading {
    answer: oneshot::Receiver<Answer>,
    was_read: Arc<AtomicBool>,
}

impl ReadRequest {
    /// Both ends.
    pub fn new() -> (ReadRequest, AskedReading) {
        let (send, receive) = oneshot::channel();
        let was_read = Arc::new(AtomicBool::new(false));
        (ReadRequest { answer: send, was_read: was_read.clone() }, AskedReading { answer: receive, was_read })
    }

    /// The router has answered; from now on only the database is waited for.
    pub(super) fn note_read(&self) {
        self.was_read.store(true, Ordering::Release);
    }

    /// Answers. Who asked may have given up meanwhile; then nobody needs the answer.
    pub(super) fn answer(self, result: Answer) {
        drop(self.answer.send(result));
    }
}

impl AskedReading {
    /// The answer; `None` when the poller ended without one.
    pub async fn answer(&mut self) -> Option<Answer> {
        (&mut self.answer).await.ok()
    }

    /// Whether the router has answered, so that only the database is waited for.
    pub fn was_read(&self) -> bool {
        self.was_read.load(Ordering::Acquire)
    }
}
