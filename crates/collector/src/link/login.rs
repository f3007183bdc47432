//! Logging in, by either method (routeros.md §1.8), over any transport.

use std::time::Duration;

use routeros_proto::{ClientLogin, LoginStep, Untagged};
use secrecy::{ExposeSecret, SecretString};

use crate::link::error::{Closed, Deadline, Garbage, LinkError, Refusal};
use crate::link::transport::{Transport, Wait};

/// Logs in as `user`; the whole of it may take `within`.
///
/// # Errors
/// [`LinkError::LoginRefused`] when the router says no. Any error ends the connection: whether a router closes it
/// after a refusal is not known, so we do.
pub async fn log_in(
    transport: &mut Transport,
    user: &str,
    password: &SecretString,
    within: Duration,
) -> Result<(), LinkError> {
    let wait = Wait::idle(within).in_all(within, Deadline::Login(within));
    let mut login = ClientLogin::new(user.as_bytes(), password.expose_secret().as_bytes());
    let mut replies = Untagged::new();
    let mut command = login.first();
    loop {
        transport.send(&command, within).await.map_err(during_login)?;
        replies.sent();
        match answer(transport, &mut replies, &mut login, wait).await.map_err(during_login)? {
            LoginStep::Send(next) => command = next,
            LoginStep::Success => return Ok(()),
            LoginStep::Refused(trap) => {
                return Err(LinkError::LoginRefused(Refusal { subject: user.into(), trap }));
            }
            LoginStep::Closed(text) => return Err(LinkError::Closed(Closed::Fatal(text))),
            LoginStep::Wait => return Err(LinkError::Protocol(Garbage::LoginAnswer)),
        }
    }
}

/// Reads until the login can go on; never answers [`LoginStep::Wait`].
async fn answer(
    transport: &mut Transport,
    replies: &mut Untagged,
    login: &mut ClientLogin,
    wait: Wait,
) -> Result<LoginStep, LinkError> {
    loop {
        match transport.reply()? {
            Some(reply) => match login.step(replies.accept(reply)) {
                LoginStep::Wait => {}
                step => return Ok(step),
            },
            None => transport.fill(wait).await?,
        }
    }
}

/// A connection that ends before the login does has its own likely reasons.
fn during_login(error: LinkError) -> LinkError {
    match error {
        LinkError::Closed(Closed::EndOfStream | Closed::Broken(_)) => LinkError::Closed(Closed::DuringLogin),
        other => other,
    }
}
