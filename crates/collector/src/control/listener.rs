//! One control connection: what is asked on it, and what the router says.
//!
//! A router may refuse to be listened to (without the package `ppp`, or to a user of few rights) and still say what those move
//! who are watched: the connection stays then, and it is asked again from time to time.

use std::convert::Infallible;
use std::time::Duration;

use operations::Clock;
use routeros_proto::{Command, Event, Tag, Tagged};
use tokio::time::Instant;

use super::admitting::Admitting;
use super::ear::Ear;
use super::keeping::Keeping;
use super::known;
use super::watching::Watching;
use crate::link::error::{Closed, LinkError};
use crate::link::login::log_in;
use crate::link::transport::{Transport, Wait};
use crate::link::{Deadline, Deadlines, Target};
use crate::routeros::identity;

/// A listen that was refused is tried again after so many questions.
const REFUSED_QUESTIONS: u32 = 2;

/// See the module.
pub(super) struct Listener<'t> {
    target: &'t Target,
    transport: Transport,
    replies: Tagged,
    listen: Listen,
    question: Option<Tag>,
    /// A listen that says nothing may be dead (routeros.md §8, trap 23): a question must be answered before the next
    /// one is due.
    question_every: Duration,
    write_within: Duration,
}

/// How listening stands on the connection.
#[derive(Clone, Copy)]
enum Listen {
    Runs(Tag),
    /// It is answered by nothing but changes, so it is believed once a question asked after it is answered and it was not
    /// refused.
    Tried(Tag),
    /// It was refused; so many questions are asked before it is tried again.
    Refused(u32),
}

impl Listen {
    fn is(self, tag: Tag) -> bool {
        matches!(self, Listen::Runs(listen) | Listen::Tried(listen) if listen == tag)
    }
}

impl<'t> Listener<'t> {
    pub(super) async fn open(target: &'t Target) -> Result<Self, LinkError> {
        let mut transport = Transport::connect(target).await?;
        log_in(&mut transport, &target.user, &target.password, target.deadlines.login).await?;
        let (replies, listen) = (Tagged::new(), Listen::Refused(0));
        let Deadlines { idle: write_within, question_every, .. } = target.deadlines;
        let mut listener =
            Listener { target, transport, replies, listen, question: None, question_every, write_within };
        listener.listen_again().await?;
        listener.ask().await?;
        Ok(listener)
    }

    /// Listens, and asks what those move who are watched, until that fails.
    pub(super) async fn run(
        &mut self,
        ear: &Ear,
        (watching, keeping, admitting): &mut (Watching, Keeping, Admitting),
        clock: &dyn Clock,
    ) -> Result<Infallible, LinkError> {
        let mut ask_at = Instant::now() + self.question_every;
        loop {
            self.take_replies(ear, (watching, keeping, admitting), clock)?;
            let now = Instant::now();
            for command in step(now, (watching, keeping, admitting), &mut self.replies) {
                self.transport.send(&command, self.write_within).await?;
            }
            ear.set_open_commands(self.replies.open_count());
            let due = [watching.due(now), keeping.due(now, admitting.logins()), admitting.due(now)];
            let due = due.into_iter().flatten().fold(ask_at, Instant::min);
            tokio::select! {
                filled = self.transport.fill(Wait::idle(self.question_every * 2)) => filled?,
                () = watching.changed() => {}
                () = keeping.changed() => {}
                () = admitting.changed() => {}
                () = tokio::time::sleep_until(due) => {}
            }
            if Instant::now() >= ask_at {
                self.listen_again().await?;
                self.ask().await?;
                ask_at = Instant::now() + self.question_every;
            }
        }
    }

    /// Takes what the router has said by now.
    fn take_replies(
        &mut self,
        ear: &Ear,
        (watching, keeping, admitting): (&mut Watching, &mut Keeping, &mut Admitting),
        clock: &dyn Clock,
    ) -> Result<(), LinkError> {
        while let Some(reply) = self.transport.reply()? {
            match self.replies.accept(reply) {
                (Some(tag), Event::Row(row)) if self.listen.is(tag) => {
                    if ear.take(&row, clock.host()) {
                        watching.hears_of_sessions();
                    }
                }
                (Some(tag), Event::Done(_) | Event::Trapped(_)) if Some(tag) == self.question => {
                    self.question = None;
                    if let Listen::Tried(listen) = self.listen {
                        self.listen = Listen::Runs(listen);
                        watching.hears(true);
                        listening(self.target, ear);
                    }
                }
                (Some(tag), Event::Trapped(trap)) if self.listen.is(tag) => {
                    self.listen = Listen::Refused(REFUSED_QUESTIONS);
                    watching.hears(false);
                    let why = LinkError::from_trap("/ppp/active/listen", trap);
                    not_listening(self.target, ear, &why.to_string());
                }
                (Some(tag), Event::Done(_) | Event::Cancelled) if self.listen.is(tag) => {
                    return Err(LinkError::Closed(Closed::EndOfStream));
                }
                (_, Event::Fatal(text)) => return Err(LinkError::Closed(Closed::Fatal(text))),
                (Some(tag), event) => {
                    // The last two may both want it: one reads along what the other asked for.
                    if !watching.accept(tag, &event) {
                        keeping.accept(tag, &event);
                        admitting.accept(tag, &event);
                    }
                }
                (None, _) => {}
            }
        }
        Ok(())
    }

    /// Tries to listen where that was refused a while ago, or not tried yet.
    async fn listen_again(&mut self) -> Result<(), LinkError> {
        match self.listen {
            Listen::Refused(0) => {
                let tag = self.replies.open();
                self.listen = Listen::Tried(tag);
                self.transport.send(&known::listen_command().tag(tag), self.write_within).await
            }
            Listen::Refused(questions) => {
                self.listen = Listen::Refused(questions - 1);
                Ok(())
            }
            Listen::Runs(_) | Listen::Tried(_) => Ok(()),
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

/// What is to be sent now. Whoever keeps limits reads along where the hotspot's logins are printed for vouchers: what it asks itself
/// is sent first, so that rows are younger than the uptime by which they are judged.
fn step(
    now: Instant,
    (watching, keeping, admitting): (&mut Watching, &mut Keeping, &mut Admitting),
    replies: &mut Tagged,
) -> impl Iterator<Item = Command> {
    if keeping.needs_logins(now) {
        admitting.hurry(now);
    }
    let asked = watching.step(now, replies);
    let of_vouchers = admitting.step(now, replies);
    let of_limits = keeping.step(now, admitting.logins(), replies);
    asked.into_iter().chain(of_limits).chain(of_vouchers)
}

fn listening(target: &Target, ear: &Ear) {
    if ear.listening() {
        tracing::info!(address = %target.address(), "the router is listened to");
    }
}

/// Says that nobody listens, and why.
pub(super) fn not_listening(target: &Target, ear: &Ear, why: &str) {
    if ear.lost(why) {
        tracing::warn!(address = %target.address(), because = why, "the router is not listened to");
    }
}
