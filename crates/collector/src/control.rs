//! The control connection of a router: listens to `/ppp/active`, so that a session's end is looked at soon after it
//! happened and a session too short for any poll is at least known to have been there (DESIGN rule 9). Nothing it
//! hears is a reading; it never reaches the accounting but as [`Heard`]. On the same connection the router is asked what
//! those move who are watched ([`Watching`]).

mod ear;
mod known;
mod lost;
mod watching;

pub use ear::{Door, Ear, Listening};
pub use watching::Watching;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use operations::Clock;
use routeros_proto::{Event, Tag, Tagged};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::link::error::{Closed, LinkError};
use crate::link::login::log_in;
use crate::link::transport::{Transport, Wait};
use crate::link::{Deadline, Deadlines, Target};
use crate::routeros::identity;
use crate::schedule::{Outcome, Schedule};

/// Interval against which the back-off of the control connection is measured.
const BACK_OFF_INTERVAL: Duration = Duration::from_secs(60);

/// What is shown while the control connection has left its place to the polling connection.
const GAVE_WAY: &str = "The router let the polling connection in no more, so its place was given up for that one \
    (`/ip service print`: max-sessions). It is listened to again when there is room for both.";

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
    mut watching: Watching,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    stop.run_until_cancelled(keep_listening(&target, &ear, &mut watching, clock.as_ref())).await;
    watching.lost("The router is not polled here any more.");
}

async fn keep_listening(target: &Target, ear: &Ear, watching: &mut Watching, clock: &dyn Clock) {
    let mut schedule = Schedule::new(BACK_OFF_INTERVAL);
    let mut because = "The router is not connected yet.".to_owned();
    loop {
        tokio::select! {
            () = ear.admitted() => {}
            never = watching.refuse(&because) => match never {},
        }
        let ended = tokio::select! {
            error = listen_once(target, ear, watching, clock) => Ended::Failed(error),
            () = ear.told_to_give_way() => Ended::GaveWay,
        };
        let (why, outcome) = judge(&ended);
        if ear.lost(&why) {
            tracing::warn!(address = %target.address(), because = why, "the router is not listened to");
        }
        because = why;
        watching.lost(&because);
        let wait = schedule.after(outcome, Duration::ZERO, rand::random());
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            never = watching.refuse(&because) => match never {},
        }
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
async fn listen_once(target: &Target, ear: &Ear, watching: &mut Watching, clock: &dyn Clock) -> LinkError {
    match Listener::open(target).await {
        Ok(mut listener) => {
            if ear.listening() {
                tracing::info!(address = %target.address(), "the router is listened to");
            }
            match listener.run(ear, watching, clock).await {
                Ok(never) => match never {},
                Err(error) => error,
            }
        }
        Err(error) => error,
    }
}

struct Listener {
    transport: Transport,
    replies: Tagged,
    listen: Tag,
    question: Option<Tag>,
    /// A listen that says nothing may be dead (routeros.md §8, trap 23): a question must be answered before the next
    /// one is due.
    question_every: Duration,
    write_within: Duration,
}

impl Listener {
    async fn open(target: &Target) -> Result<Listener, LinkError> {
        let mut transport = Transport::connect(target).await?;
        log_in(&mut transport, &target.user, &target.password, target.deadlines.login).await?;
        let mut replies = Tagged::new();
        let listen = replies.open();
        let Deadlines { idle: write_within, question_every, .. } = target.deadlines;
        transport.send(&known::listen_command().tag(listen), write_within).await?;
        Ok(Listener { transport, replies, listen, question: None, question_every, write_within })
    }

    async fn run(
        &mut self,
        ear: &Ear,
        watching: &mut Watching,
        clock: &dyn Clock,
    ) -> Result<Infallible, LinkError> {
        let mut ask_at = Instant::now() + self.question_every;
        loop {
            self.take_replies(ear, watching, clock)?;
            let now = Instant::now();
            for command in watching.step(now, &mut self.replies) {
                self.transport.send(&command, self.write_within).await?;
            }
            let due = watching.due(now).map_or(ask_at, |due| due.min(ask_at));
            tokio::select! {
                filled = self.transport.fill(Wait::idle(self.question_every * 2)) => filled?,
                () = watching.changed() => {}
                () = tokio::time::sleep_until(due) => {}
            }
            if Instant::now() >= ask_at {
                self.ask().await?;
                ask_at = Instant::now() + self.question_every;
            }
        }
    }

    /// Takes what the router has said by now.
    fn take_replies(
        &mut self,
        ear: &Ear,
        watching: &mut Watching,
        clock: &dyn Clock,
    ) -> Result<(), LinkError> {
        while let Some(reply) = self.transport.reply()? {
            match self.replies.accept(reply) {
                (Some(tag), Event::Row(row)) if tag == self.listen => {
                    if ear.take(&row, clock.host()) {
                        watching.hears_of_sessions();
                    }
                }
                (Some(tag), Event::Done(_) | Event::Trapped(_)) if Some(tag) == self.question => {
                    self.question = None;
                }
                (Some(tag), Event::Trapped(trap)) if tag == self.listen => {
                    return Err(LinkError::from_trap("/ppp/active/listen", trap));
                }
                (Some(tag), Event::Done(_) | Event::Cancelled) if tag == self.listen => {
                    return Err(LinkError::Closed(Closed::EndOfStream));
                }
                (_, Event::Fatal(text)) => return Err(LinkError::Closed(Closed::Fatal(text))),
                (Some(tag), event) => _ = watching.accept(tag, &event),
                (None, _) => {}
            }
        }
        Ok(())
    }

    /// Asks for the identity; an unanswered earlier question means the connection is dead.
    async fn ask(&mut self) -> Result<(), LinkError> {
        if self.question.is_some() {
            return Err(LinkError::TimedOut(Deadline::Idle(self.question_every)));
        }
        let tag = self.replies.open();
        self.question = Some(tag);
        self.transport.send(&identity::print().tag(tag), self.write_within).await
    }
}
