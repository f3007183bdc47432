//! Logging in to a router of any version.

use super::challenge::challenge_response;
use crate::command::Command;
use crate::reply::{Event, Trap};

/// The client's side of a login, without I/O. Send [`first`](Self::first), then do what [`step`](Self::step) says
/// for each event of it, on a connection with nothing else in flight.
///
/// Name and password are always sent first; a router before 6.43 answers with a challenge, which is then answered
/// (`routeros.md` §1.8). So the password crosses the connection in clear whatever the router's version.
pub struct ClientLogin {
    name: Box<[u8]>,
    password: Box<[u8]>,
    answered: bool,
}

/// What to do next in a login.
#[derive(Debug)]
pub enum LoginStep {
    /// Send this command.
    Send(Command),
    /// The connection is logged in.
    Success,
    /// The router refused. Close the connection and do not repeat the attempt in a loop.
    Refused(Trap),
    /// Read on.
    Wait,
    /// The router closes the connection, with this text.
    Closed(String),
}

impl ClientLogin {
    /// A login as `name`, both as raw bytes.
    pub fn new(name: &[u8], password: &[u8]) -> Self {
        Self { name: name.into(), password: password.into(), answered: false }
    }

    /// The command to begin with. Never send another before the login succeeded: routers limit what they take before
    /// it (`routeros.md` §1.2).
    pub fn first(&self) -> Command {
        Command::new("/login").attr("name", &self.name).attr("password", &self.password)
    }

    /// Goes on after an event.
    pub fn step(&mut self, event: Event<'_>) -> LoginStep {
        match event {
            Event::Done(finished) => match finished.ret {
                None => LoginStep::Success,
                Some(challenge) => self.answer(&challenge),
            },
            Event::Trapped(trap) => LoginStep::Refused(trap),
            Event::Fatal(text) => LoginStep::Closed(text),
            Event::Cancelled => LoginStep::Closed("the login was cancelled".to_owned()),
            Event::Row(_) | Event::Ignored(_) => LoginStep::Wait,
        }
    }

    fn answer(&mut self, challenge: &[u8]) -> LoginStep {
        if self.answered {
            return not_understood("it sent a second login challenge after the first was answered");
        }
        let Some(response) = challenge_response(&self.password, challenge) else {
            return not_understood("its login challenge is not 32 hexadecimal digits");
        };
        self.answered = true;
        LoginStep::Send(Command::new("/login").attr("name", &self.name).attr("response", response))
    }
}

impl std::fmt::Debug for ClientLogin {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClientLogin {{ name: \"{}\", answered: {} }}", self.name.escape_ascii(), self.answered)
    }
}

fn not_understood(what: &str) -> LoginStep {
    LoginStep::Refused(Trap {
        category: None,
        message: format!("{what}; is this really a RouterOS API port?"),
    })
}
