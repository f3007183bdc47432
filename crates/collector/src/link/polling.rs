//! The polling connection: untagged commands, one in flight.

use routeros_proto::{Command, Event, Finished, Reply, Untagged};

use crate::link::error::{Closed, Deadline, Garbage, LinkError};
use crate::link::login::log_in;
use crate::link::target::{Deadlines, Target};
use crate::link::traffic::Traffic;
use crate::link::transport::{Transport, Wait};

/// A logged-in connection for prints, one at a time.
#[derive(Debug)]
pub struct Link {
    transport: Transport,
    replies: Untagged,
    deadlines: Deadlines,
    ended: bool,
}

impl Link {
    /// Connects to `target` and logs in.
    ///
    /// # Errors
    /// Any [`LinkError`] but those of a single command; there is no link then.
    pub async fn open(target: &Target) -> Result<Link, LinkError> {
        let mut transport = Transport::connect(target).await?;
        log_in(&mut transport, &target.user, &target.password, target.deadlines.login).await?;
        Ok(Link { transport, replies: Untagged::new(), deadlines: target.deadlines, ended: false })
    }

    /// Sends `command` and hands each row to `on_row` as it comes; the reply as a whole is never held. The rows
    /// mean something only when this answers `Ok`: after an error they were part of a table.
    ///
    /// # Errors
    /// A trap as [`LinkError::NoRights`], [`LinkError::MissingMenu`] or [`LinkError::Trapped`]: the link stays
    /// usable. All others end it; so does dropping this future before it is done.
    pub async fn print(
        &mut self,
        command: &Command,
        mut on_row: impl FnMut(Reply<'_>),
    ) -> Result<Finished, LinkError> {
        self.check_usable()?;
        let outcome = self.exchange(command, &mut on_row).await;
        self.ended = outcome.as_ref().is_err_and(LinkError::ends_link);
        outcome
    }

    /// What went over this connection so far, login included.
    pub fn traffic(&self) -> Traffic {
        self.transport.traffic()
    }

    /// False once the connection is finished.
    pub fn is_usable(&self) -> bool {
        !self.ended && !self.replies.in_flight()
    }

    /// An answer still in flight belongs to a command whose caller went away: its rows would reach the next one.
    fn check_usable(&self) -> Result<(), LinkError> {
        match (self.ended, self.replies.in_flight()) {
            (true, _) => Err(LinkError::Closed(Closed::Earlier)),
            (false, true) => Err(LinkError::Closed(Closed::Abandoned)),
            (false, false) => Ok(()),
        }
    }

    async fn exchange(
        &mut self,
        command: &Command,
        on_row: &mut impl FnMut(Reply<'_>),
    ) -> Result<Finished, LinkError> {
        let Deadlines { idle, command: within, answer_bytes, .. } = self.deadlines;
        let before = self.transport.traffic().bytes_in;
        let wait = Wait::idle(idle).in_all(within, Deadline::Command(within));
        self.replies.sent();
        self.transport.send(command, idle).await?;
        loop {
            match self.transport.reply()? {
                Some(reply) => match self.replies.accept(reply) {
                    Event::Row(row) => on_row(row),
                    Event::Done(finished) => return Ok(finished),
                    Event::Trapped(trap) => return Err(LinkError::from_trap(command.path(), trap)),
                    Event::Fatal(text) => return Err(LinkError::Closed(Closed::Fatal(text))),
                    // Words of later RouterOS versions and stray tags carry no row of ours (routeros.md §1.3, §1.7).
                    Event::Ignored(_) | Event::Cancelled => {}
                },
                None => {
                    if self.transport.traffic().bytes_in - before > answer_bytes {
                        return Err(LinkError::Protocol(Garbage::TooMuch(answer_bytes)));
                    }
                    self.transport.fill(wait).await?;
                }
            }
        }
    }
}
