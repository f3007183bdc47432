//! Polls one router: keeps one connection, reads a round when one is due or asked for, hands it to the actor, and
//! says on the board how it goes.

mod asked;
mod hand_over;
mod session;
mod setup;
mod status;
mod told;

pub use asked::{AskedReading, ReadRequest};
pub use setup::{PollerSetup, READ_REQUESTS};
pub(crate) use told::not_written;

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::schedule::Schedule;
use session::Session;
use setup::Ended;
use status::Reporter;

/// Polls until `stop`.
pub async fn poll(setup: PollerSetup, mut requests: mpsc::Receiver<ReadRequest>, stop: CancellationToken) {
    let reporter = Reporter::new(setup.nas, setup.board.clone(), setup.clock.clone());
    tokio::select! {
        () = poll_on(&setup, &reporter, &mut requests, stop) => {}
        // The ear lives as long as its setup, so this never ends first.
        () = reporter.follow(setup.ear.listening_state()) => {}
    }
}

async fn poll_on(
    setup: &PollerSetup,
    reporter: &Reporter,
    requests: &mut mpsc::Receiver<ReadRequest>,
    stop: CancellationToken,
) {
    let mut schedule = Schedule::new(setup.interval);
    let mut registry = setup.devices.changes();
    loop {
        registry.mark_unchanged();
        let ended = tokio::select! {
            ended = Session::run(setup, reporter, &mut schedule, requests) => ended,
            () = stop.cancelled() => return,
        };
        let wait = schedule.after(ended.outcome, Duration::ZERO, rand::random());
        tokio::select! {
            () = wait_refusing(wait, requests, &ended) => {}
            Ok(()) = registry.changed(), if ended.duplicate => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Waits for the next try; whoever asks for a reading meanwhile is told why there is none.
async fn wait_refusing(wait: Duration, requests: &mut mpsc::Receiver<ReadRequest>, ended: &Ended) {
    let end = Instant::now() + wait;
    loop {
        let request = tokio::select! {
            () = tokio::time::sleep_until(end) => return,
            request = requests.recv() => request,
        };
        let Some(request) = request else { return tokio::time::sleep_until(end).await };
        request.answer(Err(ended.told.clone()));
    }
}
