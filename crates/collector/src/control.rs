//! The control connection of a router: listens to `/ppp/active`, so that a session's end is looked at soon after it
//! happened and a session too short for any poll is at least known to have been there (DESIGN rule 9). Nothing it
//! hears is a reading; it never reaches the accounting but as [`Heard`].

mod ear;
mod known;
mod lost;

pub use ear::{Door, Ear, Listening};

use std::sync::Arc;
use std::time::Duration;

use operations::Clock;
use routeros_proto::{Event, Tag, Tagged};
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

/// Listens until `stop`; a lost connection is made anew with back-off, one given up when the poller is in again.
pub async fn listen(target: Target, ear: Arc<Ear>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let mut schedule = Schedule::new(BACK_OFF_INTERVAL);
    loop {
        let ended = tokio::select! {
            ended = listen_when_admitted(&target, &ear, clock.as_ref()) => ended,
            () = stop.cancelled() => return,
        };
        let (because, outcome) = judge(&ended);
        if ear.lost(&because) {
            tracing::warn!(address = %target.address(), because, "the router is not listened to");
        }
        let wait = schedule.after(outcome, Duration::ZERO, rand::random());
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return,
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

async fn listen_when_admitted(target: &Target, ear: &Ear, clock: &dyn Clock) -> Ended {
    ear.admitted().await;
    tokio::select! {
        error = listen_once(target, ear, clock) => Ended::Failed(error),
        () = ear.told_to_give_way() => Ended::GaveWay,
    }
}

/// Listens on one connection; returns why it ended.
async fn listen_once(target: &Target, ear: &Ear, clock: &dyn Clock) -> LinkError {
    match Listener::open(target).await {
        Ok(mut listener) => {
            if ear.listening() {
                tracing::info!(address = %target.address(), "the router is listened to");
            }
            listener.run(ear, clock).await
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

    async fn run(&mut self, ear: &Ear, clock: &dyn Clock) -> LinkError {
        loop {
            let step = tokio::time::timeout(self.question_every, self.take_replies(ear, clock)).await;
            let failed = match step {
                Ok(Err(error)) => Some(error),
                Ok(Ok(())) => None,
                Err(_) => self.ask().await.err(),
            };
            if let Some(error) = failed {
                return error;
            }
        }
    }

    async fn take_replies(&mut self, ear: &Ear, clock: &dyn Clock) -> Result<(), LinkError> {
        loop {
            while let Some(reply) = self.transport.reply()? {
                match self.replies.accept(reply) {
                    (Some(tag), Event::Row(row)) if tag == self.listen => {
                        ear.take(&row, clock.host());
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
                    _ => {}
                }
            }
            self.transport.fill(Wait::idle(self.question_every * 2)).await?;
        }
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
