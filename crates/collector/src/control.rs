//! The control connection of a router: listens to `/ppp/active`, so that a session's end is looked at soon after it
//! happened and a session too short for any poll is at least known to have been there (DESIGN rule 9). Nothing it
//! hears is a reading; it never reaches the accounting but as [`Heard`]. On the same connection the router is asked what
//! those move who are watched ([`Watching`]), its queues are kept to the limits that are wanted ([`Keeping`]), and devices of
//! vouchers are let in and put out ([`Admitting`]).

mod admitting;
mod ear;
mod keeping;
mod known;
mod listener;
mod lost;
mod planning;
mod watching;

pub use admitting::{Admitting, VoucherOrders};
pub use ear::{Door, Ear, Listening};
pub use keeping::{Keeping, LimitOrders};
pub use planning::plan_alone;
pub use watching::Watching;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use operations::Clock;
use tokio_util::sync::CancellationToken;

use crate::link::Target;
use crate::link::error::LinkError;
use crate::schedule::{Outcome, Schedule};
use listener::Listener;

/// Interval against which the back-off of the control connection is measured.
const BACK_OFF_INTERVAL: Duration = Duration::from_secs(60);

/// What is shown while the control connection has left its place to the polling connection.
const GAVE_WAY: &str = "The router let the polling connection in no more, so its place was given up for that one \
    (`/ip service print`: max-sessions). It is listened to again when there is room for both.";

/// Those for whom something is asked on the connection.
type Desks = (Watching, Keeping, Admitting);

/// Why listening ended.
enum Ended {
    Failed(LinkError),
    /// The polling connection needs the place more.
    GaveWay,
}

/// Listens until `stop`, and asks what those move who are watched; a lost connection is made anew with back-off, one given up
/// when the poller is in again.
pub async fn listen(
    target: Target,
    ear: Arc<Ear>,
    mut desks: Desks,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    {
        // Pinned here, it stands in this task once, and not once more in what waits for it: there is one for each router.
        let listening = std::pin::pin!(keep_listening(&target, &ear, &mut desks, clock.as_ref()));
        stop.run_until_cancelled(listening).await;
    }
    ear.set_stands(false);
    lost(&mut desks, "The router is not polled here any more.");
}

async fn keep_listening(target: &Target, ear: &Ear, desks: &mut Desks, clock: &dyn Clock) {
    let mut schedule = Schedule::new(BACK_OFF_INTERVAL);
    let mut because = "The router is not connected yet.".to_owned();
    loop {
        tokio::select! {
            () = ear.admitted() => {}
            never = refuse(desks, &because) => match never {},
        }
        let ended = tokio::select! {
            error = listen_once(target, ear, desks, clock) => Ended::Failed(error),
            () = ear.told_to_give_way() => Ended::GaveWay,
        };
        ear.set_stands(false);
        let (why, outcome) = judge(&ended);
        listener::not_listening(target, ear, &why);
        because = why;
        lost(desks, &because);
        let wait = schedule.after(outcome, Duration::ZERO, rand::random());
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            never = refuse(desks, &because) => match never {},
        }
    }
}

/// There is no connection any more.
fn lost((watching, keeping, admitting): &mut Desks, because: &str) {
    watching.lost(because);
    keeping.lost(because);
    admitting.lost(because);
}

/// Says so, while there is none, to whoever comes then.
async fn refuse((watching, keeping, admitting): &mut Desks, because: &str) -> Infallible {
    tokio::select! {
        never = watching.refuse(because) => never,
        never = keeping.refuse(because) => never,
        never = admitting.refuse(because) => never,
    }
}

fn judge(ended: &Ended) -> (String, Outcome) {
    match ended {
        Ended::GaveWay => (GAVE_WAY.to_owned(), Outcome::Failed),
        Ended::Failed(error) => {
            (error.to_string(), if error.is_refusal() { Outcome::Refused } else { Outcome::Failed })
        }
    }
}

/// Listens on one connection; returns why it ended.
async fn listen_once(target: &Target, ear: &Ear, desks: &mut Desks, clock: &dyn Clock) -> LinkError {
    match Listener::open(target).await {
        Ok(mut listener) => {
            ear.set_stands(true);
            match listener.run(ear, desks, clock).await {
                Ok(never) => match never {},
                Err(error) => error,
            }
        }
        Err(error) => error,
    }
}
