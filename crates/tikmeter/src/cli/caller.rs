//! What every command that talks to a server has: the connection and the terminal.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::{AccessArgs, Answer, Client};
use crate::failure::Failure;
use crate::output::Terminal;

/// A server and somebody who waits for its answer.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The server.
    pub(crate) client: Client,
    /// The person or the script.
    pub(crate) terminal: Terminal,
}

impl Caller {
    /// The server that the flags name. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub(crate) fn new(access: &AccessArgs, terminal: Terminal) -> Result<Self, Failure> {
        Ok(Caller { client: Client::new(access)?, terminal })
    }

    /// Shows an answer: the server's JSON as it is, or what `human` makes of it.
    ///
    /// # Errors
    /// When the answer is not understood or cannot be written.
    pub(crate) fn show<T: DeserializeOwned>(
        &self,
        answer: &Answer,
        human: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        self.note_simulated(answer.simulated);
        let text = if self.terminal.json() { answer.text.clone() } else { human(&answer.read()?) };
        Ok(self.terminal.line(&text)?)
    }

    /// Shows that something is done; in JSON the server's own words, if it had any.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn done(&self, answer: &Answer, sentence: &str) -> Result<(), Failure> {
        self.note_simulated(answer.simulated);
        match (self.terminal.json(), answer.text.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => Ok(self.terminal.line(&answer.text)?),
            (false, _) => Ok(self.terminal.line(sentence)?),
        }
    }

    /// Sends a new thing and shows what the server made of it.
    ///
    /// # Errors
    /// As [`Client::send`] and [`Caller::show`].
    pub(crate) async fn add<T: DeserializeOwned>(
        &self,
        path: &[&str],
        thing: &impl Serialize,
        human: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        let answer = self.client.send(reqwest::Method::POST, path, thing).await?;
        self.show(&answer, human)
    }

    /// Says beside the answer that its figures are nobody's.
    pub(crate) fn note_simulated(&self, simulated: bool) {
        if simulated {
            self.terminal.remark("note: these data are simulated; no figure is a real subscriber's");
        }
    }
}
