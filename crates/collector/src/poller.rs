//! Polls one router: keeps one connection, reads a round when one is due or asked for, hands it to the actor, and
//! says on the board how it goes.

mod session;
mod status;

use std::sync::Arc;
use std::time::Duration;

use operations::{Clock, ReadNow, RouterCommandError, StatusBoard};
use store::NasId;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::actor::Inbox;
use crate::control::Ear;
use crate::devices::Devices;
use crate::link::Target;
use crate::schedule::{Outcome, Schedule};
use session::Session;
use status::Reporter;

/// Somebody waits for a reading.
pub type ReadRequest = oneshot::Sender<Result<ReadNow, RouterCommandError>>;

/// Requests for a reading that may wait at once; one more is refused.
pub const READ_REQUESTS: usize = 16;

/// What polling one router needs.
pub struct PollerSetup {
    /// The router's row.
    pub nas: NasId,
    /// Its name, for messages.
    pub name: String,
    /// Address and credentials.
    pub target: Target,
    /// Time between two polls (Acct-Interim-Interval).
    pub interval: Duration,
    /// Which devices other entries poll already.
    pub devices: Arc<Devices>,
    /// Where snapshots go.
    pub inbox: Arc<Inbox>,
    /// What the control connection heard.
    pub ear: Arc<Ear>,
    /// Where the state is shown.
    pub board: StatusBoard,
    /// Clocks.
    pub clock: Arc<dyn Clock>,
}

/// How a connection ended.
struct Ended {
    outcome: Outcome,
    /// For whoever asks for a reading meanwhile.
    message: String,
}

/// Polls until `stop`.
pub async fn poll(setup: PollerSetup, mut requests: mpsc::Receiver<ReadRequest>, stop: CancellationToken) {
    let reporter = Reporter::new(setup.nas, setup.board.clone(), setup.clock.clone());
    let mut schedule = Schedule::new(setup.interval);
    loop {
        let ended = tokio::select! {
            ended = Session::run(&setup, &reporter, &mut schedule, &mut requests) => ended,
            () = stop.cancelled() => return,
        };
        let wait = schedule.after(ended.outcome, Duration::ZERO, rand::random());
        tokio::select! {
            () = wait_refusing(wait, &mut requests, &ended) => {}
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
        let message = ended.message.clone();
        let refusal = match ended.outcome {
            Outcome::Refused => RouterCommandError::Refused(message),
            Outcome::Read | Outcome::Failed => RouterCommandError::Unreachable(message),
        };
        answer(request, Err(refusal));
    }
}

/// Answers a request. Who asked may have given up meanwhile; then nobody needs the answer.
fn answer(request: ReadRequest, result: Result<ReadNow, RouterCommandError>) {
    drop(request.send(result));
}
